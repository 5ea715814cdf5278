package ministry_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/ministry"
	"bangvang/internal/reports"
)

func TestWorkflowTablesAreSound(t *testing.T) {
	t.Parallel()
	p, err := access.NewPolicy(nil, ministry.Rules())
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []interface {
		Check(*access.Policy) error
	}{ministry.PaperWorkflow(), ministry.RequestWorkflow()} {
		if err := table.Check(p); err != nil {
			t.Error(err)
		}
	}
}

// inPDF gives the words of a PDF as pdftotext reads them.
func inPDF(t *testing.T, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "p.pdf")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", path, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return text.NFC(string(out))
}

// inDOCX gives the words of a Word file, cell by cell.
func inDOCX(t *testing.T, b []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out strings.Builder
	for d := xml.NewDecoder(f); ; {
		token, err := d.Token()
		if err == io.EOF {
			return text.NFC(out.String())
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.CharData:
			out.Write(x)
		case xml.EndElement:
			if x.Name.Local == "p" || x.Name.Local == "tc" {
				out.WriteString(" \n")
			}
		}
	}
}

var (
	figures   = regexp.MustCompile(`\d[\d.,]*`)
	tableHead = regexp.MustCompile(`(?i)số liệu (buổi|coi) thi\s*\n`)
)

// bare is a rate without its sign.
func bare(rate string) string { return strings.TrimRight(rate, "% \u00a0") }

// lineWith finds what stands between a paper's name in the table and the next one.
func lineWith(t *testing.T, words, name string, n int) []string {
	t.Helper()
	head := tableHead.FindStringIndex(words)
	if head == nil {
		t.Fatalf("there is no table in %s", words)
	}
	_, rest, ok := strings.Cut(words[head[1]:], name)
	if !ok {
		t.Fatalf("no line %q in %s", name, words[head[1]:])
	}
	found := figures.FindAllString(rest, -1)
	if len(found) < n {
		t.Fatalf("the line %q has only %v", name, found)
	}
	return found[:n]
}

// holds compares every number of a version with what the three files say.
func holds(t *testing.T, h *house, p ministry.Paper, v reports.Province) {
	t.Helper()
	if p.Content.Sittings[0].Version != v.ID {
		t.Fatalf("the paper quotes version %s, not %s", p.Content.Sittings[0].Version, v.ID)
	}
	docx, pdf := inDOCX(t, h.file(p, ministry.DOCX)), inPDF(t, h.file(p, ministry.PDF))
	book, err := excelize.OpenReader(bytes.NewReader(h.file(p, ministry.XLSX)))
	h.must(err)
	defer book.Close()
	sums, err := book.GetRows("Tổng hợp")
	h.must(err)
	sites, err := book.GetRows("Theo điểm thi")
	h.must(err)
	var total reports.LineSum
	for k, l := range v.Figures.Lines {
		f := text.FormatNumber
		want := []string{f(l.Registered), f(l.Present), f(l.Absent), bare(l.Rate()), f(l.Reprimanded), f(l.Warned), f(l.Suspended)}
		for name, words := range map[string]string{"DOCX": docx, "PDF": pdf} {
			if got := lineWith(t, words, l.Name, len(want)); !slices.Equal(got, want) {
				t.Errorf("%s says %v of %s, the figures %v", name, got, l.Name, want)
			}
		}
		n := func(v int64) string { return strconv.FormatInt(v, 10) }
		row := []string{v.Figures.Title, l.Name, n(l.Sites), n(l.Registered), n(l.Present), n(l.Absent), l.Rate(), n(l.Rooms), n(l.Sheets), n(l.Reprimanded), n(l.Warned), n(l.Suspended)}
		if got := sums[k+1]; !slices.Equal(got, row) {
			t.Errorf("XLSX says %v, the figures %v", got, row)
		}
		// The sites of the workbook add up to the line.
		var bySite [8]int64
		for _, r := range sites[1:] {
			if r[3] != l.Name {
				continue
			}
			for i, column := range []int{4, 5, 6, 8, 9, 10, 11, 12} {
				c, err := strconv.ParseInt(r[column], 10, 64)
				h.must(err)
				bySite[i] += c
			}
		}
		if want := [8]int64{l.Registered, l.Present, l.Absent, l.Rooms, l.Sheets, l.Reprimanded, l.Warned, l.Suspended}; bySite != want {
			t.Errorf("the sites add up to %v, the figures to %v", bySite, want)
		}
		total.Registered, total.Present, total.Absent = total.Registered+l.Registered, total.Present+l.Present, total.Absent+l.Absent
		total.Reprimanded, total.Warned, total.Suspended = total.Reprimanded+l.Reprimanded, total.Warned+l.Warned, total.Suspended+l.Suspended
	}
	f := text.FormatNumber
	want := []string{f(total.Registered), f(total.Present), f(total.Absent), bare(total.Rate()), f(total.Reprimanded), f(total.Warned), f(total.Suspended)}
	for name, words := range map[string]string{"DOCX": docx, "PDF": pdf} {
		if got := lineWith(t, words, "Tổng cộng", len(want)); !slices.Equal(got, want) {
			t.Errorf("%s says %v in total, the figures %v", name, got, want)
		}
	}
}

// Issue 3, "must show" 1: Word, PDF and workbook carry the numbers of the version, at every version.
func TestTheFilesCarryTheNumbersOfTheVersion(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		first := h.whole()
		p := h.made()
		holds(t, h, p, first)
		p = h.issued(p.ID)
		holds(t, h, p, first)

		second := h.corrected(1, 11)
		h.work("the paper is marked", func() bool { return h.get(p.ID).OutdatedBy == second.ID })
		holds(t, h, h.get(p.ID), first) // what was issued never changes
		id, err := h.Make(h.office(), h.about(0), h.draft(3))
		h.must(err)
		q := h.issued(id)
		holds(t, h, q, second)
		holds(t, h, h.get(p.ID), first)
		if words := inPDF(t, h.file(q, ministry.PDF)); !strings.Contains(words, "thay thế Báo cáo số 01/BC-SGDĐT") || !strings.Contains(words, "có mặt: 3.576 → 3.573") {
			t.Errorf("the paper does not say what it replaces:\n%s", words)
		}
	})
}

// V-16, V-17: missing sites are named wherever figures are quoted without them.
func TestMissingSitesAreNamed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.accepted("one", 0, h.sitting(0), 3)
		v := h.approved(h.sitting(0))
		p := h.made()
		holds(t, h, p, v)
		words := strings.Join(strings.Fields(inPDF(t, h.file(p, ministry.PDF))), " ")
		for _, said := range []string{"Số liệu tạm thời, còn thiếu 2 điểm thi", "02 THPT số 2", "03 THPT số 3"} {
			if !strings.Contains(words, said) {
				t.Errorf("the paper does not say %q:\n%s", said, words)
			}
		}
		// A wording that leaves them out makes no paper.
		w, err := h.Wording(h.office(), ministry.Quick)
		h.must(err)
		for name, cut := range map[string]string{"số liệu tạm thời": "**Số liệu tạm thời**, còn", "thiếu {n}": "thiếu {điểm_thi.thiếu} điểm thi"} {
			err := h.SaveWording(h.office(), ministry.Quick, 0, strings.ReplaceAll(w.Source, cut, "Còn"), "Bớt chữ")
			want(t, err, fault.Invalid, "a wording without "+name)
		}
		err = h.SaveWording(h.office(), ministry.Quick, 0, strings.ReplaceAll(w.Source, "- {mã} {tên} ({đăng_ký} lượt thí sinh đăng ký)", "- {mã}"), "Bớt tên")
		wantField(t, err, "template", "tên điểm thi")
	})
}
