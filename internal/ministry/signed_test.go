package ministry_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"codeberg.org/go-pdf/fpdf"

	"bangvang/internal/base/blob"
	"bangvang/internal/base/fault"
	"bangvang/internal/documents"
	"bangvang/internal/ministry"
	"bangvang/internal/reports/rules"
)

// scan makes a PDF without any text: pages of pictures, as a scanner gives.
func scan(t *testing.T, pages int, protect bool) []byte {
	t.Helper()
	f := fpdf.New("P", "mm", "A4", "")
	if protect {
		f.SetProtection(fpdf.CnProtectPrint, "", "chu")
	}
	for range pages {
		f.AddPage()
		f.Rect(20, 20, 100, 40, "F")
	}
	var b bytes.Buffer
	if err := f.Output(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Bad input, named: a file that pretends to be the signed PDF.
func TestAFileThatPretendsToBeTheSignedPDF(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.whole()
		p := h.made()
		draft := h.file(p, ministry.PDF)
		h.must(h.Submit(h.office(), p.ID, p.Version))
		p = h.get(p.ID)
		want(t, h.Issue(h.clerk(), p.ID, p.Version, "a.pdf", bytes.NewReader(draft)), fault.Conflict, "a signed file before there is a number")
		h.must(h.Service.TakeBack(h.office(), p.ID, p.Version))
		p = h.numbered(p.ID)
		mine, docx := h.file(p, ministry.PDF), h.file(p, ministry.DOCX)

		for name, c := range map[string]struct {
			file  string
			body  []byte
			words string
		}{
			"a Word file called PDF":        {"ban-ky.pdf", docx, "không phải PDF: nội dung là văn bản Word"},
			"text called PDF":               {"ban-ky.pdf", []byte("Đây là bản ký số 01/BC-SGDĐT"), "ban-ky.pdf"},
			"a page of the web":             {"ban-ky.pdf", []byte("<!doctype html><p>01/BC-SGDĐT</p>"), "ban-ky.pdf"},
			"a PDF cut off":                 {"ban-ky.pdf", mine[:len(mine)/2], "ban-ky.pdf"},
			"nothing but the first letters": {"ban-ky.pdf", []byte("%PDF-1.7\n"), "ban-ky.pdf"},
			"a PDF that is locked":          {"ban-ky.pdf", scan(t, 2, true), "bị khóa"},
			"a scan that lacks a page":      {"ban-ky.pdf", scan(t, 1, false), "Bản ký có 1 trang, báo cáo có 2 trang"},
			"the draft without its number":  {"ban-ky.pdf", draft, "không có số, ký hiệu 01/BC-SGDĐT"},
		} {
			err := h.Issue(h.clerk(), p.ID, p.Version, c.file, bytes.NewReader(c.body))
			wantField(t, err, "file", c.words)
			if t.Failed() {
				t.Fatalf("%s", name)
			}
		}
		if got := h.get(p.ID); got.State != ministry.StateSubmitted || got.Issued() {
			t.Fatalf("the paper is %s", got.State)
		}
		want(t, h.Issue(h.office(), p.ID, p.Version, "a.pdf", bytes.NewReader(mine)), fault.Denied, "issuing by who is no clerk")

		signed := scan(t, 2, false)
		h.must(h.Issue(h.clerk(), p.ID, p.Version, "ban-ky.pdf", bytes.NewReader(signed)))
		p = h.get(p.ID)
		sum := sha256.Sum256(signed)
		files, err := h.FilesOf(h.office(), p)
		h.must(err)
		if len(files) != 3 || files[0].Hash != hex.EncodeToString(sum[:]) || files[0].Pages != 2 || p.Reference != "01/BC-SGDĐT" || p.IssuedOn != "2021-07-07" {
			t.Errorf("issued as %s of %s with %+v", p.Reference, p.IssuedOn, files)
		}
		if !bytes.Equal(h.file(p, ministry.Signed), signed) {
			t.Error("the signed file is not what was signed")
		}
		doc, err := h.docs.Document(h.clerk(), p.Document)
		h.must(err)
		registered, err := h.docs.FilesOf(h.clerk(), doc)
		h.must(err)
		if doc.State != documents.StateIssued || len(registered) != 1 || registered[0].Hash != files[0].Hash || registered[0].Role != documents.Original {
			t.Errorf("in the register it is %s with %+v", doc.State, registered)
		}
		uses, err := ministry.Uses(t.Context(), h.db.Read())
		h.must(err)
		lost, err := blob.Missing(t.Context(), h.files, uses)
		h.must(err)
		if len(uses) != 3 || len(lost) != 0 {
			t.Errorf("%d files are named, %v are lost", len(uses), lost)
		}
	})
}

// A paper signed with other figures, or the right number on other figures, is refused when the file has text.
func TestASignedFileOfOtherFiguresIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.whole()
		first := h.numbered(h.made().ID)
		old := h.file(first, ministry.PDF)
		h.must(h.Drop(h.office(), first.ID, first.Version, "Số liệu sai"))
		v := h.corrected(0, 19)
		id, err := h.Make(h.office(), h.about(0), h.draft(3))
		h.must(err)
		p := h.numbered(id)
		if p.Content.Sittings[0].Version != v.ID {
			t.Fatal("the new paper quotes other figures")
		}
		wantField(t, h.Issue(h.clerk(), p.ID, p.Version, "cu.pdf", bytes.NewReader(old)), "file", "02/BC-SGDĐT")
		// The number of a paper is given once, also when the paper was given up.
		h.must(h.Issue(h.clerk(), p.ID, p.Version, "moi.pdf", bytes.NewReader(h.file(p, ministry.PDF))))
		if got := h.get(p.ID); got.Reference != "02/BC-SGDĐT" {
			t.Errorf("it has the number %s", got.Reference)
		}
	})
}

// R-II.4-b: exactly one report of a sitting.
func TestThereIsOneReportOfASitting(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		_, err := h.Make(h.office(), h.about(0), h.draft(3))
		want(t, err, fault.Conflict, "a report without approved figures")
		h.whole()
		_, err = h.Make(h.leader(), h.about(0), h.draft(3))
		want(t, err, fault.Denied, "a report made by a leader")
		_, err = h.Make(h.reader(), h.about(0), h.draft(3))
		want(t, err, fault.Denied, "a report made by the Ministry's reader")
		_, err = h.Make(h.office(), ministry.About{Kind: ministry.Quick, Round: h.exam.Rounds[1].ID, Sitting: h.sitting(0)}, h.draft(3))
		want(t, err, fault.NotFound, "a report of a sitting of another round")
		in := h.draft(0)
		_, err = h.Make(h.office(), h.about(0), in)
		wantField(t, err, "recipients", "kính gửi")
		in = h.draft(3)
		in.Assessment, in.Signer, in.Posts = " ", "TS. Nguyễn Văn Bình", "Phó Giám đốc"
		_, err = h.Make(h.office(), h.about(0), in)
		wantField(t, err, "assessment", "đánh giá")
		in.Assessment = "Tốt"
		_, err = h.Make(h.office(), h.about(0), in)
		wantField(t, err, "signer", "học hàm")

		p := h.made()
		if _, err := h.Paper(h.reader(), p.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("the Ministry's reader sees a draft: %v", err)
		}
		_, err = h.Make(h.office(), h.about(0), h.draft(3))
		want(t, err, fault.Conflict, "a second draft")
		p = h.issued(p.ID)
		_, err = h.Make(h.office(), h.about(0), h.draft(3))
		want(t, err, fault.Conflict, "a second report of the same figures")
		seen, err := h.Papers(h.reader(), h.exam.ID)
		h.must(err)
		if len(seen) != 1 || seen[0].ID != p.ID {
			t.Errorf("the Ministry's reader sees %+v", seen)
		}
	})
}

// V-15: an open severe incident blocks "không có sự cố", wherever it stands and whenever it comes up.
func TestAnOpenSevereIncidentIsNotDenied(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		severe := rules.Incident{Category: "health", Severity: "severe", At: "08:10", What: "Hai thí sinh ngất", Action: "Đưa đi bệnh viện", Open: true}
		h.accepted("one", 0, h.sitting(0), 3, severe)
		h.accepted("two", 1, h.sitting(0), 3)
		h.accepted("three", 2, h.sitting(0), 4)
		h.approved(h.sitting(0))
		in := h.draft(3)
		for _, said := range []string{"Không có sự cố.", "Buổi thi không xảy ra sự cố nào.", "không để xảy ra bất kỳ sự cố", "KHÔNG CÓ SỰ CỐ bất thường"} {
			in.Incidents = said
			_, err := h.Make(h.office(), h.about(0), in)
			wantField(t, err, "incidents", "Còn 1 sự cố mức nghiêm trọng")
		}
		in.Incidents = "Hai thí sinh được đưa đi bệnh viện, đang theo dõi."
		id, err := h.Make(h.office(), h.about(0), in)
		h.must(err)
		words := inPDF(t, h.file(h.get(id), ministry.PDF))
		if strings.Contains(words, "Không có sự cố") || !strings.Contains(words, "Y tế, mức Nghiêm trọng: 1 sự cố, trong đó 1 chưa xử lý xong") {
			t.Errorf("the paper says:\n%s", words)
		}
	})
	// One that is told of after the approval keeps the figures' own sentence from going out.
	each(t, func(t *testing.T, h *house) {
		h.whole()
		p := h.made()
		if words := inPDF(t, h.file(p, ministry.PDF)); !strings.Contains(words, "Không có sự cố.") {
			t.Fatalf("without incidents the paper says:\n%s", words)
		}
		p = h.numbered(p.ID)
		_, err := h.reports.OpenIncident(h.examOffice(), h.sitting(0), h.sites[0], rules.Incident{Category: "paper", Severity: "severe", At: "09:00", What: "Phát nhầm mã đề", Action: "Báo Ban Chỉ đạo", Open: true})
		h.must(err)
		err = h.Issue(h.clerk(), p.ID, p.Version, "a.pdf", bytes.NewReader(h.file(p, ministry.PDF)))
		want(t, err, fault.Conflict, "issuing a paper that denies an incident")
		if !strings.Contains(fault.Message(err), "không có sự cố") {
			t.Errorf("refused with %q", fault.Message(err))
		}
	})
}
