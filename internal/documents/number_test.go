package documents_test

import (
	"slices"
	"strings"
	"testing"

	"bangvang/internal/base/fault"
	"bangvang/internal/documents"
)

func TestParseNumber(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in, want, key, slug string
		year                int // of the document, for the slug
		parts               documents.Number
	}{
		"a directive":                         {"08/CT-UBND", "08/CT-UBND", "8/ct-ubnd", "08-ct-ubnd-2021", 2021, documents.Number{Ordinal: 8, Symbol: "CT-UBND"}},
		"a circular with its year":            {"15/2020/TT-BGDĐT", "15/2020/TT-BGDĐT", "15/tt-bgddt", "15-tt-bgddt-2020", 1999, documents.Number{Ordinal: 15, Year: 2020, Symbol: "TT-BGDĐT"}},
		"an official letter":                  {"1523/BGDĐT-QLCL", "1523/BGDĐT-QLCL", "1523/bgddt-qlcl", "1523-bgddt-qlcl-2022", 2022, documents.Number{Ordinal: 1523, Symbol: "BGDĐT-QLCL"}},
		"a law":                               {"43/2019/QH14", "43/2019/QH14", "43/qh14", "43-qh14-2019", 0, documents.Number{Ordinal: 43, Year: 2019, Symbol: "QH14"}},
		"a number left blank":                 {"/KH-SGDĐT", "/KH-SGDĐT", "", "kh-sgddt-2021", 2021, documents.Number{Symbol: "KH-SGDĐT"}},
		"a stray space":                       {"05/2021/TT- BGDĐT", "05/2021/TT-BGDĐT", "5/tt-bgddt", "05-tt-bgddt-2021", 0, documents.Number{Ordinal: 5, Year: 2021, Symbol: "TT-BGDĐT"}},
		"no leading zero, small letters":      {" 7 / 2026 / tt–bgddt ", "07/2026/TT-BGDĐT", "7/tt-bgddt", "07-tt-bgddt-2026", 0, documents.Number{Ordinal: 7, Year: 2026, Symbol: "TT-BGDĐT"}},
		"a technical standard":                {"QCVN 31:2026/BXD", "QCVN 31:2026/BXD", "qcvn 31/bxd", "qcvn-31-bxd-2026", 0, documents.Number{Series: "QCVN", Ordinal: 31, Year: 2026, Symbol: "BXD"}},
		"with its label":                      {"Số: 08/CT-UBND", "08/CT-UBND", "8/ct-ubnd", "08-ct-ubnd-2021", 2021, documents.Number{Ordinal: 8, Symbol: "CT-UBND"}},
		"with its type before it":             {"Chỉ thị số 08/CT-UBND", "08/CT-UBND", "8/ct-ubnd", "08-ct-ubnd-2021", 2021, documents.Number{Ordinal: 8, Symbol: "CT-UBND"}},
		"a letter behind the ordinal":         {"08A/CT-UBND", "08a/CT-UBND", "8a/ct-ubnd", "08a-ct-ubnd-2021", 2021, documents.Number{Ordinal: 8, Suffix: "a", Symbol: "CT-UBND"}},
		"mixed case of official spelling":     {"16/ct-ttg", "16/CT-TTg", "16/ct-ttg", "16-ct-ttg-2026", 2026, documents.Number{Ordinal: 16, Symbol: "CT-TTg"}},
		"a number that looks like a year":     {"2005/QĐ-BQP", "2005/QĐ-BQP", "2005/qd-bqp", "2005-qd-bqp-2026", 2026, documents.Number{Ordinal: 2005, Symbol: "QĐ-BQP"}},
		"composed letters typed decomposed":   {"15/2020/TT-BGD\u0110T", "15/2020/TT-BGDĐT", "15/tt-bgddt", "15-tt-bgddt-2020", 0, documents.Number{Ordinal: 15, Year: 2020, Symbol: "TT-BGDĐT"}},
		"a joint circular":                    {"21/2012/TTLT-BGDĐT-BNV", "21/2012/TTLT-BGDĐT-BNV", "21/ttlt-bgddt-bnv", "21-ttlt-bgddt-bnv-2012", 0, documents.Number{Ordinal: 21, Year: 2012, Symbol: "TTLT-BGDĐT-BNV"}},
		"guidance is not contract":            {"05/HD-SGDĐT", "05/HD-SGDĐT", "5/hd-sgddt", "05-hd-sgddt-2021", 2021, documents.Number{Ordinal: 5, Symbol: "HD-SGDĐT"}},
		"contract is not guidance":            {"05/HĐ-SGDĐT", "05/HĐ-SGDĐT", "5/hđ-sgddt", "05-hd-sgddt-2021", 2021, documents.Number{Ordinal: 5, Symbol: "HĐ-SGDĐT"}},
		"unaccented as old machines wrote it": {"15/2020/TT-BGDDT", "15/2020/TT-BGDĐT", "15/tt-bgddt", "15-tt-bgddt-2020", 0, documents.Number{Ordinal: 15, Year: 2020, Symbol: "TT-BGDĐT"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, err := documents.ParseNumber(c.in)
			if err != nil {
				t.Fatal(err)
			}
			if n != c.parts || n.String() != c.want || n.Key() != c.key || n.Slug(c.year) != c.slug {
				t.Errorf("parts %+v, canonical %q, key %q, slug %q", n, n.String(), n.Key(), n.Slug(c.year))
			}
			again, err := documents.ParseNumber(n.String())
			if err != nil || again != n {
				t.Errorf("the canonical form reads back as %+v, %v", again, err)
			}
		})
	}
}

func TestParseNumberRefuses(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"nothing":                         "",
		"no slash":                        "08 CT-UBND",
		"no symbol":                       "08/",
		"an empty group":                  "08/CT--UBND",
		"a zero":                          "00/CT-UBND",
		"a year that is none":             "15/20/TT-BGDĐT",
		"a standard without its year":     "QCVN 31/BXD",
		"words instead of a number":       "tám/CT-UBND",
		"a fourth part":                   "15/2020/TT-BGDĐT/2",
		"an address":                      "https://example.vn/a",
		"a symbol longer than the decree": "08/" + strings.Repeat("A", 31),
		"a number of nine digits":         "123456789/CT-UBND",
		"ten thousand characters":         strings.Repeat("8", 10000) + "/CT-UBND",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, err := documents.ParseNumber(in)
			if !fault.Is(err, fault.Invalid) || fault.Message(err) == "" {
				t.Errorf("read as %+v, %v", n, err)
			}
		})
	}
}

func TestNumbersSortNaturally(t *testing.T) {
	t.Parallel()
	want := []string{"/KH-SGDĐT", "7/2026/TT-BGDĐT", "08/CT-UBND", "08a/CT-UBND", "9/2024/TT-BGDĐT", "09/2026/TT-BGDĐT", "15/2020/TT-BGDĐT", "113/NQ-CP", "1523/BGDĐT-QLCL"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b string) int { return strings.Compare(number(t, a).SortKey(), number(t, b).SortKey()) })
	if !slices.Equal(got, want) {
		t.Errorf("sorted %v", got)
	}
}

func TestIssuerCode(t *testing.T) {
	t.Parallel()
	isType := func(code string) bool { return code == "CT" || code == "TT" }
	for in, want := range map[string]string{"08/CT-UBND": "UBND", "15/2020/TT-BGDĐT": "BGDĐT", "1523/BGDĐT-QLCL": "BGDĐT", "43/2019/QH14": "QH14", "QCVN 31:2026/BXD": "BXD"} {
		if got := number(t, in).IssuerCode(isType); got != want {
			t.Errorf("issuer of %s is %q, want %q", in, got, want)
		}
	}
}

func TestKeywordsHoldTheWaysPeopleAsk(t *testing.T) {
	t.Parallel()
	got := number(t, "08/CT-UBND").Keywords()
	for _, want := range []string{"08/CT-UBND", "08 CT UBND", "8/CT-UBND"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
}

func number(t testing.TB, s string) documents.Number {
	t.Helper()
	n, err := documents.ParseNumber(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func FuzzParseNumber(f *testing.F) {
	for _, s := range []string{"08/CT-UBND", "15/2020/TT-BGDĐT", "TT- BGDĐT", "QCVN 31:2026/BXD", "/KH-SGDĐT", "Số: 7/2026/tt–bgddt", "\x00/\xff", "số /số", "08ß/ẞ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := documents.ParseNumber(s)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		again, err := documents.ParseNumber(n.String())
		if err != nil || again != n {
			t.Fatalf("%q is %q, which reads back as %+v, %v", s, n, again, err)
		}
		if again.Key() != n.Key() || strings.ContainsAny(n.Slug(2021), " /?#%") {
			t.Fatalf("%q: key %q, slug %q", s, n.Key(), n.Slug(2021))
		}
	})
}
