package documents

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/blob"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/jobs"
	"bangvang/internal/base/richtext"
	"bangvang/internal/base/text"
	"bangvang/internal/base/workflow"
)

// FileRole tells the signed original from what comes with it.
type FileRole string

// The roles of a file.
const (
	Original   FileRole = "original"
	Attachment FileRole = "attachment"
)

// Title is the role in words.
func (r FileRole) Title() string {
	if r == Original {
		return "Bản gốc đã ký"
	}
	return "Tệp kèm theo"
}

// FileState is where the examination of a file stands.
type FileState string

// The states of a file: nothing of it is shown before it is good.
const (
	FileWaiting FileState = "waiting"
	FileGood    FileState = "good"
	FileRefused FileState = "refused"
)

// A File is one uploaded file. Its bytes never change: a new version is a new File that names the
// one it supersedes.
type File struct {
	ID          FileID
	Document    DocID
	Role        FileRole
	Name        string // as uploaded
	Slug        string // its part of the address; "" until examined
	Hash        string // SHA-256
	Size        int64
	Media       string // by content, not by name; "" until examined
	Pages       int
	Body        string       // extracted text, for search
	Reading     richtext.Doc // of a DOCX: what a reading copy can begin with
	Preview     string       // hash of the first page's picture; "" = none
	PreviewSize int64
	State       FileState
	Problem     string   // why it was refused
	Warnings    []string // what to look at before publishing
	Personal    []string // what looks like personal data
	Clearance   Clearance
	Supersedes  FileID
	Dropped     bool // not part of the working copy any more
	AddedBy     string
	AddedName   string
	AddedAt     int64
}

// A Clearance is somebody's decision that text which looks like personal data may be shown.
type Clearance struct {
	By, Name, Note string
	At             int64 // ms; 0 = nobody decided yet
}

func (f File) shown() ShownFile {
	return ShownFile{ID: f.ID, Role: f.Role, Name: f.Name, Slug: f.Slug, Hash: f.Hash, Size: f.Size, Media: f.Media, Pages: f.Pages, Preview: f.Preview, PreviewSize: f.PreviewSize}
}

// fileStates are the states beside [editable] in which files and relations may be added: the scan of
// a signed paper comes after the signature.
var fileStates = map[workflow.State]bool{StateSigned: true, StateNumbered: true, StateIssued: true, StateCorrected: true, StateReplaced: true, StateRecalled: true}

// An Upload is a file as it is brought in.
type Upload struct {
	Role       FileRole
	Name       string
	Supersedes FileID // the file this one is a new version of; "" = none
}

// AddFile stores a file with a document; it is examined afterwards by a job and shown to nobody
// before that.
//
// It returns fault.Invalid when nothing was sent, more than a file may have, or what the document
// has already.
//
// Source: domain.md 6.2 ("only a new version with a new hash"); issue 2 D.
func (s *Service) AddFile(ctx context.Context, id DocID, version int, u Upload, r io.Reader) (FileID, error) {
	if _, err := s.open(ctx, s.DB.Read(), id, fileAction); err != nil { // before the bytes are stored
		return "", err
	}
	ref, err := s.Files.Put(ctx, &counted{r: r, left: s.MaxFile})
	if errors.Is(err, errTooMuch) {
		return "", fault.Fields(fault.Field{Name: "file", Message: fmt.Sprintf("Tệp “%s” nặng quá mức %s. Hãy giảm độ phân giải bản quét (300 dpi là đủ đọc) hoặc chia thành nhiều tệp rồi tải lại.",
			fileName(u.Name), text.FormatBytes(s.MaxFile))})
	}
	if err != nil {
		return "", err
	}
	if ref.Size == 0 {
		return "", fault.Fields(fault.Field{Name: "file", Message: "Tệp không có nội dung. Hãy chọn lại tệp."})
	}
	file := FileID(db.NewID())
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		ctx, d, err := s.enter(ctx, tx, id, fileAction)
		if err != nil {
			return err
		}
		if d.Version != version {
			return fault.New(fault.Conflict, "Văn bản đã được %s sửa trong lúc bạn chọn tệp. Hãy xem bản mới rồi thêm tệp.", d.ChangedName)
		}
		if !editable[d.State] && !fileStates[d.State] {
			return fault.New(fault.Conflict, "Văn bản đang ở bước “%s” nên không thêm tệp được.", d.table().States[d.State])
		}
		return s.addFile(ctx, tx, &d, file, u, ref)
	})
	return file, err
}

// addFile writes the row of a stored file and queues its examination.
func (s *Service) addFile(ctx context.Context, tx *db.Tx, d *Document, id FileID, u Upload, ref blob.Ref) error {
	others, err := readFiles(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	for _, o := range others {
		if o.Hash == ref.Hash && !o.Dropped {
			return fault.Fields(fault.Field{Name: "file", Message: "Văn bản đã có chính tệp này với tên “" + o.Name + "”."})
		}
	}
	if u.Supersedes != "" {
		i := slices.IndexFunc(others, func(o File) bool { return o.ID == u.Supersedes && !o.Dropped })
		if i < 0 {
			return fault.Fields(fault.Field{Name: "supersedes", Message: "Không thấy tệp cần thay."})
		}
		u.Role = others[i].Role
		if err := dropFile(ctx, tx, u.Supersedes); err != nil {
			return err
		}
	}
	if u.Role != Original {
		u.Role = Attachment
	}
	actor := access.From(ctx)
	f := File{ID: id, Document: d.ID, Role: u.Role, Name: fileName(u.Name), Hash: ref.Hash, Size: ref.Size, State: FileWaiting,
		Supersedes: u.Supersedes, AddedBy: actor.Person, AddedName: actor.Name, AddedAt: tx.Now()}
	if err := insertFile(ctx, tx, f); err != nil {
		return err
	}
	if err := s.save(ctx, tx, d); err != nil {
		return err
	}
	if err := jobs.Queue(ctx, tx, examineJob, examineOrder{id}); err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Entry{Action: "document.file", Kind: kindName, ID: string(d.ID), Label: d.Label(),
		Data: map[string]string{"file": f.Name, "sha256": f.Hash, "supersedes": string(u.Supersedes)}})
}

// fileName gives the last part of a name, cleaned and of sane length.
func fileName(name string) string {
	name = text.CleanInput(path.Base(strings.ReplaceAll(name, `\`, "/")))
	if name == "" || name == "." || name == "/" {
		return "tệp"
	}
	if r := []rune(name); len(r) > 120 {
		name = string(r[:100]) + "…" + string(r[len(r)-15:])
	}
	return name
}

// fileAction is what bringing a file asks for: the clerk brings the scan of what was signed.
func fileAction(d Document) access.Action {
	if d.Kind == Own && d.State != StateDrafting && d.Live == 0 {
		return ActNumber
	}
	return editAction(d)
}

// DropFile takes a file out of the working copy. One that an edition has shown cannot be dropped,
// only superseded by a new version.
func (s *Service) DropFile(ctx context.Context, id DocID, version int, file FileID) error {
	return s.change(ctx, id, version, "document.file.drop", func(ctx context.Context, tx *db.Tx, d *Document) (map[string]string, error) {
		f, err := readFile(ctx, tx, file)
		if err != nil || f.Document != d.ID || f.Dropped {
			return nil, &fault.Error{Kind: fault.NotFound, Err: err}
		}
		if d.Live > 0 {
			e, err := readEdition(ctx, tx, d.ID, d.Live)
			if err != nil {
				return nil, err
			}
			if slices.ContainsFunc(e.Shown.Files, func(s ShownFile) bool { return s.ID == file }) {
				return nil, fault.New(fault.Conflict, "Tệp “%s” đã được công bố nên không bỏ được. Nếu cần sửa, hãy thêm tệp mới thay cho tệp này.", f.Name)
			}
		}
		return map[string]string{"file": f.Name, "sha256": f.Hash}, dropFile(ctx, tx, file)
	})
}

// FilesOf gives a document's files, dropped ones included, in the order they came.
func (s *Service) FilesOf(ctx context.Context, d Document) ([]File, error) {
	if err := s.Policy.Check(ctx, readingAction(d), d.Place()); err != nil {
		return nil, err
	}
	return readFiles(ctx, s.DB.Read(), d.ID)
}

// OpenFile gives the bytes of a file, or of its picture, to somebody who may see the document. The
// caller closes the reader.
func (s *Service) OpenFile(ctx context.Context, id DocID, file FileID, preview bool) (File, blob.Reader, error) {
	if _, err := s.Document(ctx, id); err != nil {
		return File{}, nil, err
	}
	f, err := readFile(ctx, s.DB.Read(), file)
	if err != nil {
		return f, nil, err
	}
	hash := f.Hash
	if preview {
		hash = f.Preview
	}
	if f.Document != id || hash == "" || f.State == FileRefused {
		return f, nil, &fault.Error{Kind: fault.NotFound}
	}
	r, err := s.Files.Open(ctx, hash)
	return f, r, err
}

// Text gives the whole text of the working copy that personal data is looked for in.
func (d Document) text() string {
	return strings.Join([]string{d.Content.Subject, d.Content.Description, strings.Join(d.Content.Recipients, "\n"), d.Reading.Text()}, "\n")
}

// CheckEdit tells whether the actor, who has read the document, has the right to change its fields and
// relations. It and CheckFile, CheckClear and CheckStep (files, personal data, steps) are for pages,
// which must not show a form to who may not send it. Each returns fault.Denied, or fault.NotFound for
// a step that no workflow has.
func (s *Service) CheckEdit(ctx context.Context, d Document) error {
	return known(s.Policy.Check(ctx, editAction(d), d.Place()))
}

// CheckFile is explained at [Service.CheckEdit].
func (s *Service) CheckFile(ctx context.Context, d Document) error {
	return known(s.Policy.Check(ctx, fileAction(d), d.Place()))
}

// CheckClear is explained at [Service.CheckEdit].
func (s *Service) CheckClear(ctx context.Context, d Document) error {
	return known(s.Policy.Check(ctx, ActClear, d.Place()))
}

// MayEdit tells whether the actor may change the working copy where it stands.
func (s *Service) MayEdit(ctx context.Context, d Document) bool {
	return editable[d.State] && s.Policy.Can(ctx, editAction(d), d.Place())
}

// MayAddFile tells whether the actor may bring files and relations where the document stands.
func (s *Service) MayAddFile(ctx context.Context, d Document) bool {
	return (editable[d.State] || fileStates[d.State]) && s.Policy.Can(ctx, fileAction(d), d.Place())
}
