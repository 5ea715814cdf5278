package scenarios_test

import (
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A desk is somebody logged in, who may save many things at once and whose connection may break:
// what goes wrong is an error for the caller to judge, not the end of the test.
type desk struct {
	base string
	http *http.Client
}

// login opens a desk for one of the demonstration's accounts.
func login(t testing.TB, p *program, at place, username string) *desk {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	d := &desk{base: p.base, http: &http.Client{Jar: jar, Timeout: 30 * time.Second, CheckRedirect: direct.CheckRedirect}}
	form, err := d.form("/quan-tri/dang-nhap")
	must(t, err)
	form.Set("username", username)
	form.Set("password", at.passwords(t)[username])
	to, err := d.send("/quan-tri/dang-nhap", form)
	must(t, err)
	if to != "/quan-tri/" {
		t.Fatalf("the login of %s leads to %s", username, to)
	}
	return d
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)

// form opens the page with a form and gives the values it brings along.
func (d *desk) form(path string) (url.Values, error) {
	body, err := d.page(path)
	values := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(body, -1) {
		values.Set(m[1], html.UnescapeString(m[2]))
	}
	return values, err
}

// page reads an office page.
func (d *desk) page(path string) (string, error) {
	res, err := d.http.Get(d.base + path)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %d", path, res.StatusCode)
	}
	return string(body), err
}

// errRefused tells that a form came back.
var errRefused = errors.New("the form came back")

// send saves a form. It gives where the program leads once it has acknowledged the save.
func (d *desk) send(path string, form url.Values) (to string, err error) {
	r, err := http.NewRequest(http.MethodPost, d.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := d.http.Do(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return "", err
	}
	if res.StatusCode != http.StatusSeeOther {
		return "", fmt.Errorf("%w: %s answers %d: %s", errRefused, path, res.StatusCode, body)
	}
	return res.Header.Get("Location"), nil
}

// incoming is the form of a new incoming document, filled.
func (d *desk) incoming(number, subject string) (url.Values, error) {
	form, err := d.form("/quan-tri/van-ban/moi")
	form.Set("number", number)
	form.Set("issuer", "Sở Giáo dục và Đào tạo Lai Châu")
	form.Set("issued_on", "1/7/2021")
	form.Set("subject", subject)
	form.Set("class", "public")
	return form, err
}

// cookie gives the session as a browser sends it.
func (d *desk) cookie(t testing.TB) string {
	t.Helper()
	office, err := url.Parse(d.base + "/quan-tri/")
	must(t, err)
	var all []string
	for _, c := range d.http.Jar.Cookies(office) {
		all = append(all, c.Name+"="+c.Value)
	}
	return strings.Join(all, "; ")
}
