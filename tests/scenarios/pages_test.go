package scenarios_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// TestOutsideCheckersFindNothing opens public and office pages in Chromium, on a phone and at a
// desk, light, dark, enlarged and printed, and hands them to axe-core, the Nu checker and
// html-validate.
//
// Source: L-3, R-II.2-c, P-19; Must show 6; architecture §7 "first visit".
func TestOutsideCheckersFindNothing(t *testing.T) {
	t.Parallel()
	at := place{data: t.TempDir()}
	p := demo(t, at, "--at", "2021-07-07T10:40")
	type visits struct {
		Cookie string   `json:"cookie"`
		Paths  []string `json:"paths"`
	}
	as := func(username string, paths ...string) visits {
		return visits{login(t, p, at, username).cookie(t), paths}
	}
	exam := login(t, p, at, "khao-thi")
	list, err := exam.page("/quan-tri/van-ban?so=incoming") // not the papers to the Ministry, which are made elsewhere
	must(t, err)
	document := regexp.MustCompile(`/quan-tri/van-ban/[0-9a-z]{20}`).FindString(list)
	list, err = login(t, p, at, "thu-ky-diem-thi").page("/quan-tri/bao-cao/diem-thi")
	must(t, err)
	sitting := regexp.MustCompile(`/quan-tri/bao-cao/diem-thi/[0-9a-z]{20}`).FindString(list)
	request, err := json.Marshal(map[string]any{
		"public": []string{"/", "/en", "/van-ban", "/van-ban/nam/2021", "/van-ban/08-ct-ubnd-2021", "/van-ban/08-ct-ubnd-2021/toan-van", "/lich-thi", "/diem-thi",
			"/diem-moi", "/tinh-hinh", "/tinh-hinh/2021-07-07-sang", "/tinh-hinh/2021-07-07-chieu", "/ky-thi", "/ky-thi/2021", "/ky-thi/2021/tinh-hinh", "/tim?q=diem+thi", "/tim?q=khongcogi", "/truy-cap", "/rieng-tu", "/dieu-khoan", "/so-do"},
		"missing": []string{"/khong-co"},
		"office": []visits{
			{"", []string{"/quan-tri/dang-nhap"}},
			as("khao-thi", "/quan-tri/", "/quan-tri/van-ban", "/quan-tri/van-ban/moi", document, document+"/sua", document+"/ban-doc", document+"/them-tep", document+"/phien-ban",
				"/quan-tri/nhap-van-ban", "/quan-tri/co-quan-ban-hanh", "/quan-tri/ky-thi", "/quan-tri/ky-thi/2021", "/quan-tri/ky-thi/2021/dot/1/diem-thi", "/quan-tri/ky-thi/2021/dot/1/dang-ky", "/quan-tri/ky-thi/2021/bai-thi"),
			as("dang-tai", "/quan-tri/", document, "/quan-tri/bao-cao/cong-bo"),
			as("chu-tich-hd", "/quan-tri/bao-cao/cong-bo/pham-vi"),
			as("quan-tri", "/quan-tri/don-vi", "/quan-tri/don-vi/moi", "/quan-tri/tai-khoan", "/quan-tri/tai-khoan/moi", "/quan-tri/nhap", "/quan-tri/cai-dat", "/quan-tri/viec-nen", "/quan-tri/bao-cao/phong-bi"),
			as("thu-ky-diem-thi", "/quan-tri/bao-cao/diem-thi", sitting, "/quan-tri/bao-cao/bien-nhan?ma=KQHT-7M4P"),
			as("truong-diem-thi", sitting, sitting+"/xac-nhan"),
			as("khao-thi-2", "/quan-tri/chuan-bi", "/quan-tri/chuan-bi/tong-hop", "/quan-tri/chuan-bi/dot", "/quan-tri/chuan-bi/dot/moi", "/quan-tri/chuan-bi/danh-muc/site", "/quan-tri/vuong-mac"),
			as("bien-tap-truong", "/quan-tri/chuan-bi", "/quan-tri/vuong-mac/moi"),
			as("van-phong", "/quan-tri/bao-cao-bo", "/quan-tri/bao-cao-bo/mau", "/quan-tri/bao-cao-bo/mau/quick", "/quan-tri/bao-cao-bo/noi-nhan", "/quan-tri/bao-cao-bo/noi-nhan/moi", "/quan-tri/bao-cao-bo/yeu-cau",
				"/quan-tri/bao-cao-bo/yeu-cau/moi"),
			as("lanh-dao", "/quan-tri/nhat-ky", "/quan-tri/phien"),
		},
	})
	must(t, err)
	var seen struct {
		Pages []struct {
			Path            string
			Bytes, Requests int
		}
		Findings []struct{ Path, Rule, Text string }
	}
	node(t, &seen, "pages.mjs", p.base, string(request))
	for _, f := range seen.Findings {
		t.Errorf("%s: %s: %s", f.Path, f.Rule, f.Text)
	}
	var weights strings.Builder
	for _, w := range seen.Pages {
		fmt.Fprintf(&weights, "\n%6d bytes in %d requests  %s", w.Bytes, w.Requests, w.Path)
	}
	t.Logf("first visits:%s", weights.String())
}
