package ministry

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/inspect"
	"bangvang/internal/base/paper"
	"bangvang/internal/base/text"
	"bangvang/internal/base/workflow"
	"bangvang/internal/documents"
)

// Issue takes the signed PDF of a numbered paper: it is looked into, becomes the original file of the
// paper's document in the register, which is issued with it, and is kept with its hash beside the Word
// file and the workbook as they are then. The paper it replaces is marked so, here and in the register.
// It may be called again after a failure half way, with the same file.
//
// It returns fault.Invalid with field "file" that says what the file is and is not, and fault.Conflict
// while the document has no number yet.
//
// Source: domain.md 4.4, 4.5, 6.2; issue 3 "a file that pretends to be the signed PDF".
func (s *Service) Issue(ctx context.Context, id PaperID, version int, name string, file io.ReadSeeker) error {
	ctx, err := s.may(ctx, ActIssue)
	if err != nil {
		return err
	}
	p, err := s.Paper(ctx, id)
	if err != nil {
		return err
	}
	if p.State != StateSubmitted || p.Version != version {
		return fault.New(fault.Conflict, "Báo cáo đang ở bước “%s”. Hãy xem lại trang báo cáo.", p.StateLabel())
	}
	doc, err := s.Register.Document(ctx, p.Document)
	if err != nil {
		return err
	}
	if doc.Content.Number.Ordinal == 0 {
		return fault.New(fault.Conflict, "Văn bản trong sổ đang ở bước “%s”. Hãy lấy số trước, tải bản có số để ký, rồi tải bản ký lên.", documents.Workflow(documents.Own).States[doc.State])
	}
	if p.OutdatedBy != "" {
		return fault.New(fault.Conflict, "Số liệu đã được đính chính sau khi trình ký. Bản này không phát hành được: hãy bỏ và lập báo cáo mới.")
	}
	d, err := s.compose(ctx, p, &doc.Content)
	if err != nil {
		return err
	}
	if err := s.soundAsIs(ctx, p, d); err != nil {
		return err
	}
	seen, err := s.examine(ctx, d, name, file)
	if err != nil {
		return err
	}
	files, err := s.keep(ctx, p, seen, doc, file)
	if err != nil {
		return err
	}
	if err := s.issueInRegister(ctx, p, doc, name, files[0].Hash, file); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if p.Replaces != "" {
			old, err := readPaper(ctx, tx, p.Replaces)
			if err != nil {
				return err
			}
			if _, err := s.steps.Run(ctx, tx, papers, old.subject(), "replace", "Có báo cáo số "+doc.Content.Number.String()); err != nil {
				return err
			}
		}
		if err := setReference(ctx, tx, p.ID, doc.Content.Number.String(), doc.Content.IssuedOn); err != nil {
			return err
		}
		for _, f := range files {
			if err := insertFile(ctx, tx, p.ID, f); err != nil {
				return err
			}
		}
		p.Reference = doc.Content.Number.String()
		_, err := s.steps.Run(ctx, tx, papers, workflow.Subject{ID: string(p.ID), Label: p.Label(), State: p.State, Version: p.Version}, "issue", "SHA-256 "+files[0].Hash)
		return err
	})
}

// soundAsIs looks once more at what came up since the paper was submitted.
func (s *Service) soundAsIs(ctx context.Context, p Paper, d paper.Document) error {
	open, err := s.severeOpen(ctx, p.Content)
	if err != nil {
		return err
	}
	if err := denies(d, Texts{}, open); err != nil {
		return fault.New(fault.Conflict, "%s", fault.FieldsOf(err)[0].Message)
	}
	return nil
}

// examine refuses what is not the signed copy of the paper.
func (s *Service) examine(ctx context.Context, d paper.Document, name string, file io.ReadSeeker) (inspect.Report, error) {
	refuse := func(format string, args ...any) error {
		return fault.Fields(fault.Field{Name: "file", Message: fmt.Sprintf(format, args...)})
	}
	seen, err := s.Inspector.Inspect(ctx, name, file)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooLarge) {
		return seen, refuse("%s", fault.Message(err))
	}
	if err != nil {
		return seen, fmt.Errorf("inspect the signed file: %w", err)
	}
	switch {
	case seen.Type != inspect.PDF:
		return seen, refuse("Tệp “%s” không phải PDF: nội dung là %s. Hãy tải lên bản PDF đã ký.", name, typeWords(seen.Type))
	case seen.Encrypted:
		return seen, refuse("Tệp PDF bị khóa (mã hóa, hạn chế in hoặc sao chép). Hãy tải lên bản đã ký không đặt khóa.")
	case seen.Macros:
		return seen, refuse("Tệp PDF có chứa chương trình chạy tự động. Hãy xuất lại bản ký từ phần mềm ký số.")
	case seen.Pages == 0:
		return seen, refuse("Tệp PDF không có trang nào đọc được. Hãy tải lại bản đã ký.")
	}
	var ours bytes.Buffer
	if err := paper.WritePDF(&ours, &d); err != nil {
		return seen, err
	}
	mine, err := s.Inspector.Inspect(ctx, "ban-co-so.pdf", bytes.NewReader(ours.Bytes()))
	if err != nil {
		return seen, fmt.Errorf("inspect our own file: %w", err)
	}
	if seen.Pages < mine.Pages {
		return seen, refuse("Bản ký có %d trang, báo cáo có %d trang. Hãy kiểm tra bản quét có thiếu trang không.", seen.Pages, mine.Pages)
	}
	if !seen.HasText() {
		return seen, nil // a scan: a person compares it with the paper
	}
	said := squeeze(seen.Text())
	if !strings.Contains(said, squeeze(d.Reference())) {
		return seen, refuse("Trong tệp không có số, ký hiệu %s của báo cáo này. Có thể đây là tệp của văn bản khác, hoặc bản chưa có số.", d.Reference())
	}
	for _, n := range figuresIn(d) {
		if !strings.Contains(said, squeeze(n)) {
			return seen, refuse("Trong tệp không có số liệu “%s” của báo cáo này. Có thể tệp là bản ký của số liệu khác; hãy tải bản có số ở trang báo cáo, ký rồi tải lên.", n)
		}
	}
	return seen, nil
}

// typeWords tells what a file is to somebody who does not know media types.
func typeWords(t inspect.Type) string {
	switch t {
	case inspect.DOCX:
		return "văn bản Word"
	case inspect.XLSX:
		return "bảng tính Excel"
	case inspect.JPEG, inspect.PNG, inspect.TIFF:
		return "ảnh"
	}
	return "loại khác"
}

// squeeze folds a text and leaves all spaces out: PDFs keep words where they like.
func squeeze(s string) string { return strings.Join(strings.Fields(text.Fold(s)), "") }

var figure = regexp.MustCompile(`\d[\d.,]+( %)?`)

// figuresIn gives the figures of a paper's tables that have more than one digit, each once.
func figuresIn(d paper.Document) []string {
	var all []string
	for _, b := range d.Body {
		t, ok := b.(paper.Table)
		if !ok {
			continue
		}
		for _, r := range t.Rows {
			for _, c := range r.Cells {
				for _, run := range c.Text {
					for _, n := range figure.FindAllString(run.Text, -1) {
						if !slices.Contains(all, n) {
							all = append(all, n)
						}
					}
				}
			}
		}
	}
	return all
}

// keep stores the signed file, the Word file and the workbook, the signed one first.
func (s *Service) keep(ctx context.Context, p Paper, seen inspect.Report, doc documents.Document, file io.ReadSeeker) ([]File, error) {
	p.Reference = doc.Content.Number.String()
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	ref, err := s.Files.Put(ctx, file)
	if err != nil {
		return nil, err
	}
	if ref.Hash != seen.SHA256 {
		return nil, fmt.Errorf("the signed file of %s changed while it was read", p.ID)
	}
	files := []File{{Signed, ref.Hash, ref.Size, p.FileName(Signed), seen.Pages}}
	for _, f := range []Format{DOCX, XLSX} {
		b, err := s.bytesOf(ctx, p, f)
		if err != nil {
			return nil, err
		}
		ref, err := s.Files.Put(ctx, bytes.NewReader(b))
		if err != nil {
			return nil, err
		}
		files = append(files, File{f, ref.Hash, ref.Size, p.FileName(f), 0})
	}
	return files, nil
}

// issueInRegister makes the file the original of the document, issues it, and records what it replaces.
// Each part is left out when it was done before.
func (s *Service) issueInRegister(ctx context.Context, p Paper, doc documents.Document, name, hash string, file io.ReadSeeker) error {
	have, err := s.Register.FilesOf(ctx, doc)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(have, func(f documents.File) bool { return f.Hash == hash && !f.Dropped }) {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return err
		}
		if _, err := s.Register.AddFile(ctx, doc.ID, doc.Version, documents.Upload{Role: documents.Original, Name: name}, file); err != nil {
			return err
		}
		if doc, err = s.Register.Document(ctx, doc.ID); err != nil {
			return err
		}
	}
	if doc.State == documents.StateNumbered {
		if err := s.Register.Advance(ctx, doc.ID, doc.Version, "issue", ""); err != nil {
			return err
		}
	}
	if p.Replaces == "" {
		return nil
	}
	before, err := readPaper(ctx, s.DB.Read(), p.Replaces)
	if err != nil {
		return err
	}
	old, err := s.Register.Document(ctx, before.Document)
	if err != nil || old.State != documents.StateIssued && old.State != documents.StatePosted {
		return err
	}
	return s.Register.ReplacedBy(ctx, old.ID, old.Version, doc.ID, "Số liệu được đính chính")
}

// FilesOf gives the files of an issued paper, the signed one first.
func (s *Service) FilesOf(ctx context.Context, p Paper) ([]File, error) {
	if err := s.mayRead(ctx, p); err != nil {
		return nil, err
	}
	files, err := filesOf(ctx, s.DB.Read(), p.ID)
	slices.SortFunc(files, func(a, b File) int {
		order := []Format{Signed, DOCX, XLSX}
		return slices.Index(order, a.Format) - slices.Index(order, b.Format)
	})
	return files, err
}
