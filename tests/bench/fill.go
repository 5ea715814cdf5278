package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"bangvang/internal/app"
	"bangvang/internal/base/access"
	"bangvang/internal/base/config"
	"bangvang/internal/base/richtext"
	"bangvang/internal/demo"
	"bangvang/internal/documents"
	"bangvang/internal/people"
)

// firstDocument is the page of the first generated document.
const firstDocument = "/van-ban/1-sgddt-vp-2020"

// words make generated Vietnamese text; it means nothing and names nobody.
var words = strings.Fields(`kỳ thi tốt nghiệp trung học phổ thông hướng dẫn tổ chức điểm thi phòng thi thí sinh cán bộ coi thi quy chế
	lịch thi buổi sáng buổi chiều ngữ văn toán ngoại ngữ khoa học tự nhiên xã hội báo cáo kết quả phúc khảo đề thi bài thi an toàn nghiêm túc
	ban chỉ đạo hội đồng sở giáo dục và đào tạo ủy ban nhân dân tỉnh huyện xã trường trung tâm thường xuyên học sinh phụ huynh giáo viên thông báo
	kế hoạch công văn chỉ thị quyết định thông tư nghị định ngày tháng năm thực hiện phối hợp kiểm tra chuẩn bị cơ sở vật chất y tế giao thông`)

// text gives n generated words, the same for the same seed.
func text(r *rand.Rand, n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = words[r.IntN(len(words))]
	}
	return strings.Join(out, " ")
}

// fill makes the installation, unless an earlier run did, and measures how long ten more documents
// take from the posting transaction to the public page.
func fill(ctx context.Context, data string, n int) ([]time.Duration, error) {
	c, _, err := config.Load("bench", []string{"--data", data}, nil, os.Stderr, nil)
	if err != nil {
		return nil, err
	}
	s, err := app.NewServer(ctx, c, "bench", app.Options{})
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	opened := make(chan error, 1)
	running.Go(func() {
		err := s.Run(ctx, func(ctx context.Context, a *app.App) error { return demo.Fill(ctx, a, data) }, func(string) { opened <- nil })
		if err != nil {
			opened <- err
		}
	})
	if err := <-opened; err != nil {
		return nil, err
	}
	a := s.App()
	mark := filepath.Join(data, "filled")
	if _, err := os.Stat(mark); errors.Is(err, fs.ErrNotExist) {
		began := time.Now()
		for i := 1; i <= n; i++ {
			if _, err := post(ctx, a, i); err != nil {
				return nil, fmt.Errorf("document %d: %w", i, err)
			}
			if i%1000 == 0 {
				fmt.Printf("  filled %d documents in %v\n", i, time.Since(began).Round(time.Second))
			}
		}
		if err := wait(a, func() bool { return a.Site.Snapshot().Has(fmt.Sprintf("/van-ban/%d-sgddt-vp-2020", n)) }, 20*time.Minute); err != nil {
			return nil, err
		}
		if err := os.WriteFile(mark, nil, 0o600); err != nil {
			return nil, err
		}
	}
	var visible []time.Duration
	base := int(time.Now().Unix() % 100_000)
	for i := range 10 {
		path, err := post(ctx, a, 200_000+base*10+i)
		if err != nil {
			return nil, err
		}
		began := time.Now()
		if err := wait(a, func() bool { return a.Site.Snapshot().Has(path) }, time.Minute); err != nil {
			return nil, err
		}
		visible = append(visible, time.Since(began))
	}
	return visible, nil
}

func wait(a *app.App, done func() bool, most time.Duration) error {
	for until := time.Now().Add(most); time.Now().Before(until); time.Sleep(2 * time.Millisecond) {
		if done() {
			return nil
		}
	}
	return errors.New("the document did not become visible")
}

// post enters one generated document and takes it through both offices; it returns its address.
func post(ctx context.Context, a *app.App, n int) (string, error) {
	r := rand.New(rand.NewPCG(uint64(n), 1))
	as := func(person string, role access.Role) context.Context {
		return access.With(ctx, access.Actor{Person: person, Name: "Đo đạc", Grants: []access.Grant{{Role: role, Scope: access.Scope{Kind: access.Department}}}})
	}
	enter, check, publish := as("bench-1", people.RoleExamOffice), as("bench-2", people.RoleExamOffice), as("bench-3", people.RolePublisher)
	id, err := a.Documents.Register(enter, documents.Incoming, documents.Input{Number: fmt.Sprintf("%d/SGDĐT-VP", n), Issuer: "Bộ Giáo dục và Đào tạo",
		Type: "Công văn", IssuedOn: fmt.Sprintf("2020-%02d-%02d", 1+n%12, 1+n%28), Subject: "Văn bản tạo ra để đo: " + text(r, 14), Class: documents.Public})
	if err != nil {
		return "", err
	}
	var body strings.Builder
	for i := range 8 {
		fmt.Fprintf(&body, "%d. %s.\n%s.\n", i+1, text(r, 8), text(r, 65))
	}
	if err := a.Documents.SetReading(enter, id, 1, richtext.FromPlain(body.String())); err != nil {
		return "", err
	}
	if err := a.Documents.Classify(check, id, 2, documents.Public, ""); err != nil {
		return "", err
	}
	if err := a.Documents.Post(publish, id, 3, ""); err != nil {
		return "", err
	}
	d, err := a.Documents.Document(enter, id)
	return d.Path(), err
}

func median(d []time.Duration) time.Duration {
	s := slices.Sorted(slices.Values(d))
	return s[len(s)/2].Round(time.Millisecond)
}

func worst(d []time.Duration) time.Duration { return slices.Max(d).Round(time.Millisecond) }
