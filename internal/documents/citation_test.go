package documents_test

import (
	"strings"
	"testing"

	"bangvang/internal/documents"
)

func registry(t testing.TB) *documents.Citations {
	t.Helper()
	known := func(id, n, day string) documents.Known {
		k := documents.Known{ID: documents.DocID(id), Number: number(t, n), IssuedOn: day}
		k.Year = k.Number.Year
		if k.Year == 0 && day != "" {
			k.Year = int(day[0]-'0')*1000 + int(day[1]-'0')*100 + int(day[2]-'0')*10 + int(day[3]-'0')
		}
		return k
	}
	return documents.NewCitations([]documents.Known{
		known("ct08", "08/CT-UBND", "2021-05-12"),
		known("tt15", "15/2020/TT-BGDĐT", "2020-05-26"),
		known("tt05", "05/2021/TT-BGDĐT", "2021-03-12"),
		known("qh14", "43/2019/QH14", "2019-06-14"),
		known("qcvn", "QCVN 31:2026/BXD", "2026-04-09"),
		known("kh20", "20/KH-SGDĐT", "2020-06-01"),
		known("kh21", "20/KH-SGDĐT", "2021-06-01"),
		known("blank", "/KH-SGDĐT", "2021-06-01"),
		known("cv", "1523/BGDĐT-QLCL", "2022-04-19"),
	})
}

func TestCitations(t *testing.T) {
	t.Parallel()
	c := registry(t)
	for name, tt := range map[string]struct {
		text string
		year int
		want string // "document=cited text" joined by "|"
	}{
		"a number and its day":                  {"Thực hiện Chỉ thị số 08/CT-UBND ngày 12/5/2021 của Chủ tịch", 0, "ct08=08/CT-UBND"},
		"a number of another year's series":     {"Chỉ thị số 08/CT-UBND ngày 12/5/2019 của Chủ tịch", 0, ""},
		"another year in words":                 {"Chỉ thị số 08/CT-UBND năm 2019", 0, ""},
		"a stray space":                         {"bởi Thông tư số 05/2021/TT- BGDĐT ngày 12 tháng 3 năm 2021", 0, "tt05=05/2021/TT- BGDĐT"},
		"a line break inside":                   {"Thông tư số 15/2020/TT-\nBGDĐT ngày", 0, "tt15=15/2020/TT-\nBGDĐT"},
		"a footnote glued to the end":           {"theo Thông tư 05/2021/TT-BGDĐT8 sửa đổi", 0, "tt05=05/2021/TT-BGDĐT"},
		"a footnote glued to a law":             {"Luật số 43/2019/QH1412 ngày", 0, "qh14=43/2019/QH14"},
		"a footnote glued to the front":         {"Quy chế thi315/2020/TT-BGDĐT", 0, "tt15=15/2020/TT-BGDĐT"},
		"text going on behind a dash":           {"08/CT-UBND - Tăng cường chỉ đạo", 0, "ct08=08/CT-UBND"},
		"no leading zero, no marks, lower case": {"xem 8/ct-ubnd và 5/2021/tt-bgddt.", 0, "ct08=8/ct-ubnd|tt05=5/2021/tt-bgddt"},
		"the same number in two years":          {"Kế hoạch 20/KH-SGDĐT", 0, ""},
		"the citing text's year decides":        {"Kế hoạch 20/KH-SGDĐT", 2021, "kh21=20/KH-SGDĐT"},
		"the day decides against it":            {"Kế hoạch 20/KH-SGDĐT ngày 01/6/2020", 2021, "kh20=20/KH-SGDĐT"},
		"a blank number cites nothing":          {"Số /KH-SGDĐT", 0, ""},
		"days and fractions are no numbers":     {"ngày 15/2020 và 08/5/2021, đạt 1523/2000", 0, ""},
		"an unknown document":                   {"Nghị định 30/2020/NĐ-CP", 0, ""},
		"a technical standard":                  {"theo QCVN 31:2026/BXD.", 0, "qcvn=QCVN 31:2026/BXD"},
		"in brackets, twice":                    {"(1523/BGDĐT-QLCL) và (1523/BGDĐT-QLCL)", 0, "cv=1523/BGDĐT-QLCL|cv=1523/BGDĐT-QLCL"},
		"the wrong year in the number":          {"Thông tư 15/2021/TT-BGDĐT", 0, ""},
		"a longer symbol is another document":   {"08/CT-UBNDX", 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, s := range c.Find(tt.text, tt.year) {
				got = append(got, string(s.Document)+"="+tt.text[s.Start:s.End])
			}
			if strings.Join(got, "|") != tt.want {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

func FuzzCitations(f *testing.F) {
	for _, s := range []string{"Chỉ thị số 08/CT-UBND ngày 12/5/2021", "thi315/2020/TT- BGDĐT8", "QCVN 31:2026/BXD", "////", "1/1/1/1-1-1-1-1-1-1-1", "QCVN :2026/", "\xff8/CT-UBND ngày 1"} {
		f.Add(s, 2021)
	}
	c := registry(f)
	f.Fuzz(func(t *testing.T, s string, year int) {
		end := 0
		for _, span := range c.Find(s, year) {
			if span.Start < end || span.End <= span.Start || span.End > len(s) || span.Document == "" {
				t.Fatalf("%q: span %+v after %d", s, span, end)
			}
			end = span.End
		}
	})
}
