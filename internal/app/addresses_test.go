package app_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"bangvang/internal/app"
	"bangvang/internal/base/config"
)

// serve runs the program on an empty folder until the test ends and gives its address.
func serve(t *testing.T) string {
	t.Helper()
	_, address := serving(t)
	return address
}

func serving(t *testing.T) (*app.Server, string) {
	t.Helper()
	c, _, err := config.Load("test", []string{"--data", t.TempDir(), "--addr", "127.0.0.1:0"}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := app.NewServer(t.Context(), c, "test", app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended, address := make(chan error, 1), make(chan string, 1)
	go func() { ended <- s.Run(ctx, nil, func(a string) { address <- a }) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	select {
	case a := <-address:
		return s, "http://" + a
	case err := <-ended:
		t.Fatalf("ended with %v", err)
	case <-time.After(time.Minute):
		t.Fatal("not ready after a minute")
	}
	return nil, ""
}

// Both planes share one door: what belongs to the other, or to none, is answered in our words.
func TestAddressesAtTheSharedDoor(t *testing.T) {
	t.Parallel()
	base := serve(t)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, c := range []struct {
		method, path string
		status       int
		to           string // part of the address led to
		says         string
	}{
		{"GET", "/QUAN-TRI/Van-Ban", 301, "/quan-tri/van-ban", ""},
		{"GET", "/qu%E1%BA%A3n-tr%E1%BB%8B", 301, "/quan-tri", ""},
		{"GET", "/qua%CC%89n-tri%CC%A3/v%C4%83n-b%E1%BA%A3n/", 301, "/quan-tri/van-ban", ""},
		{"GET", "//quan-tri//van-ban", 301, "/quan-tri/van-ban", ""},
		{"GET", "/quan-tri/Van-Ban/", 301, "/quan-tri/van-ban", ""},
		{"GET", "/quan-tri-khac", 404, "", "Không tìm thấy"},
		{"POST", "/", 405, "", "Trang này chỉ để đọc"},
		{"PUT", "/khong-co", 405, "", "Trang này chỉ để đọc"},
		{"POST", "/quan-tri/khong-co", 404, "", "Không tìm thấy"},
		{"DELETE", "/api/v1/khong-co", 404, "", "Không tìm thấy"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), c.method, base+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if answer.StatusCode != c.status || c.to != "" && answer.Header.Get("Location") != c.to || !strings.Contains(string(body), c.says) {
			t.Errorf("%s %s gives %d to %q: %.200s", c.method, c.path, answer.StatusCode, answer.Header.Get("Location"), body)
		}
	}
}

// TestTheInterfaceIsDescribed: every door of the machine interface stands in its description.
func TestTheInterfaceIsDescribed(t *testing.T) {
	t.Parallel()
	s, base := serving(t)
	answer, err := http.Get(base + "/api/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var doc struct{ Paths map[string]map[string]any }
	if err := json.NewDecoder(answer.Body).Decode(&doc); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, r := range s.App().Office.Routes() {
		if !r.API {
			continue
		}
		seen++
		if doc.Paths[r.Pattern][strings.ToLower(r.Method)] == nil {
			t.Errorf("%s %s is not described", r.Method, r.Pattern)
		}
	}
	if seen == 0 || doc.Paths["/api/v1/search"]["get"] == nil {
		t.Errorf("%d doors, described are %v", seen, doc.Paths)
	}
}
