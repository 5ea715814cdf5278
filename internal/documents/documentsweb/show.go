package documentsweb

import (
	"encoding/json"
	"io"
	"slices"
	"strings"

	"bangvang/internal/base/audit"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/workflow"
	"bangvang/internal/documents"
	"bangvang/internal/people"
)

type showData struct {
	Path      string // of this page
	Version   int
	Label     string
	Subject   string
	State     ui.Tag
	Class     ui.Tag
	Status    ui.Tag
	Public    string // address of the public page; "" = not public
	Facts     []ui.Fact
	Handling  []ui.Fact
	Files     []showFile
	Relations []showRelation
	Steps     []workflow.Step
	Personal  []string
	Cleared   string
	CanClear  bool
	Editable  bool
	CanFile   bool
	Reading   string // how much there is
	Draft     draft  // of the reading copy, to be forgotten once that is saved
	Dirty     bool
	Editions  int
	History   []ui.Step
}

type showFile struct {
	documents.File
	State    ui.Tag
	Cleared  string
	Picture  bool
	CanRead  bool // a Word file that can become the reading copy
	Role     string
	Personal []string
}

type showRelation struct {
	Kind, Target     string // form values
	Title            string
	Other            ui.Link
	Status           ui.Tag
	Note             string
	Waiting, Dropped bool // not in the live edition yet, or no longer in the working copy
	Mine             bool // of this document's own, so it can be taken out here
}

var showPage = ui.New[showData](files, "pages/xem.html")

func (p *Pages) show(c *web.Ctx) error {
	d, err := p.document(c)
	if err != nil {
		return err
	}
	catalog, err := p.Documents.Catalog(c.Context())
	if err != nil {
		return err
	}
	data := showData{Path: documents.OfficePath(d.ID), Version: d.Version, Label: d.Label(), Subject: d.Content.Subject,
		State: stateTag(d), Class: classTag(d.Class), Status: d.Status.Tag(), Facts: contentFacts(d, catalog), Handling: handlingFacts(d), Dirty: d.Dirty, Editions: d.Live}
	if d.Visible() {
		data.Public = d.Path()
	}
	if n := len([]rune(d.Reading.Text())); n > 0 {
		data.Reading = text.FormatNumber(int64(n)) + " ký tự"
	}
	data.Draft = draftOf(c, d)
	data.Editable, data.CanFile = p.Documents.MayEdit(c.Context(), d), p.Documents.MayAddFile(c.Context(), d)
	if data.Steps, err = p.Documents.Offered(c.Context(), d); err != nil {
		return err
	}
	if err := p.showParts(c, d, &data); err != nil {
		return err
	}
	return c.Render(showPage.With(data))
}

// showParts reads files, relations, findings and history.
func (p *Pages) showParts(c *web.Ctx, d documents.Document, data *showData) error {
	files, err := p.Documents.FilesOf(c.Context(), d)
	if err != nil {
		return err
	}
	data.CanClear = c.Can(documents.ActClear, d.Place())
	for _, f := range files {
		if f.Dropped {
			continue
		}
		data.Files = append(data.Files, showFile{File: f, State: fileTag(f), Cleared: cleared(f.Clearance), Picture: f.Preview != "", Role: f.Role.Title(),
			CanRead: data.Editable && !f.Reading.Empty(), Personal: f.Personal})
	}
	found, clearance, err := p.Documents.PersonalOf(c.Context(), d)
	if err != nil {
		return err
	}
	data.Personal, data.Cleared = found, cleared(clearance)
	if data.Relations, err = p.relations(c, d, data.Editable); err != nil {
		return err
	}
	history, err := p.Documents.History(c.Context(), d)
	if err != nil {
		return err
	}
	roles, err := p.Roles(c.Context())
	if err != nil {
		return err
	}
	slices.Reverse(history)
	for _, h := range history {
		data.History = append(data.History, historyStep(d, h, roles))
	}
	return nil
}

func cleared(c documents.Clearance) string {
	if c.By == "" {
		return ""
	}
	return c.Name + " đã xem và cho công khai, " + text.FormatDayTime(c.At) + ": " + c.Note
}

func fileTag(f documents.File) ui.Tag {
	switch f.State {
	case documents.FileWaiting:
		return ui.Tag{Tone: ui.Info, Word: "Đang kiểm tra"}
	case documents.FileRefused:
		return ui.Tag{Tone: ui.Bad, Word: "Không nhận"}
	}
	if len(f.Personal) > 0 && f.Clearance.By == "" {
		return ui.Tag{Tone: ui.Warn, Word: "Cần xem dữ liệu cá nhân"}
	}
	return ui.Tag{Tone: ui.OK, Word: "Đã kiểm tra"}
}

func (p *Pages) relations(c *web.Ctx, d documents.Document, editable bool) ([]showRelation, error) {
	from, to, err := p.Documents.Relations(c.Context(), d)
	if err != nil {
		return nil, err
	}
	var all []showRelation
	add := func(r documents.RelationRow, id documents.DocID, title string, mine bool) error {
		other, err := p.Documents.Document(c.Context(), id)
		if err != nil {
			return err
		}
		all = append(all, showRelation{Kind: string(r.Kind), Target: string(id), Title: title, Other: ui.Link{Href: documents.OfficePath(id), Label: other.Label()},
			Status: other.Status.Tag(), Note: r.Note, Waiting: r.Working && !r.Shown, Dropped: !r.Working, Mine: mine && editable && r.Working})
		return nil
	}
	for _, r := range from {
		if r.Working || r.Shown {
			if err := add(r, r.Target, r.Kind.Title(), true); err != nil {
				return nil, err
			}
		}
	}
	for _, r := range to {
		if r.Working || r.Shown {
			if err := add(r, r.Document, r.Kind.Inverse(), false); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// words are those of the log: the same deed has the same name here.
var words = audit.Dictionary{"document": documents.Words()}

// historyStep tells one line of the history: who did what, in which role, and when.
func historyStep(d documents.Document, h audit.Line, roles people.RoleWords) ui.Step {
	title := words.Action(h.Action)
	for _, s := range documents.Workflow(d.Kind).Steps {
		if "document."+s.Do == h.Action {
			title = s.Title
		}
	}
	said := h.Name
	if as := roles.Of(h.Role, h.Scope); as != "" {
		said += " (" + as + ")"
	}
	if h.Note != "" {
		said += ": " + h.Note
	}
	var data map[string]string
	if json.Unmarshal([]byte(h.Data), &data) == nil && data["to"] == "" { // where a step leads, its name says
		if changes := words.Changes(h); changes != "" {
			said += " (" + changes + ")"
		}
	}
	return ui.Step{Title: title, Text: said, At: text.FormatDayTime(h.At), State: "done"}
}

func contentFacts(d documents.Document, catalog *documents.Catalog) []ui.Fact {
	k := d.Content
	var all []ui.Fact
	add := func(label, value string) {
		if value != "" && value != "0" {
			all = append(all, ui.Fact{Label: label, Value: value})
		}
	}
	add("Số, ký hiệu", k.Number.String())
	add("Cơ quan ban hành", catalog.IssuerName(k.Issuer, k.IssuedOn))
	add("Loại văn bản", catalog.TypeName(k.Type))
	add("Ngày ban hành", day(k.IssuedOn))
	add("Lĩnh vực", catalog.FieldName(k.Field))
	add("Ngày có hiệu lực", day(k.EffectiveOn))
	add("Hết hiệu lực từ ngày", day(k.ExpiresOn))
	add("Người ký", strings.TrimSpace(string(k.Signer.Authority)+" "+k.Signer.Position+" "+k.Signer.Name))
	add("Văn bản ủy quyền", strings.TrimSpace(k.Signer.Delegation+" "+day(k.Signer.DelegatedTill)))
	add("Số trang", text.FormatNumber(int64(k.Pages)))
	add("Số lượng bản", text.FormatNumber(int64(k.Copies)))
	add("Ngôn ngữ", k.Language)
	add("Nơi nhận", strings.Join(k.Recipients, "; "))
	add("Ghi chú", k.Description)
	return all
}

func handlingFacts(d documents.Document) []ui.Fact {
	h := d.Handling
	all := []ui.Fact{{Label: "Vào sổ", Value: d.EnteredName + ", " + text.FormatDayTime(d.EnteredAt)}}
	add := func(label, value string) {
		if value != "" && value != "0" {
			all = append(all, ui.Fact{Label: label, Value: value})
		}
	}
	add("Mã hồ sơ", h.FileCode)
	add("Số đến", text.FormatNumber(int64(h.Arrival)))
	add("Ngày đến", day(h.ReceivedOn))
	add("Hạn xử lý", day(h.DueOn))
	if h.Priority != documents.Normal {
		add("Độ khẩn", h.Priority.Title())
	}
	if d.PostedAt != 0 {
		add("Đăng lần đầu", text.FormatDayTime(d.PostedAt))
	}
	if d.Ending != "" {
		add(d.Ending.Word(), text.FormatDayTime(d.EndingAt)+": "+d.EndingNote)
	}
	return all
}

func (p *Pages) metadata(c *web.Ctx) error {
	m, err := p.Documents.Metadata(c.Context(), docID(c))
	if err != nil {
		return err
	}
	return c.Download("thong-tin.json", func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(m)
	})
}

type editionsData struct {
	Label    string
	Back     string
	Editions []editionDiff
}

type editionDiff struct {
	Title   string
	Note    string
	Changes []documents.FieldChange
	First   bool
}

var editionsPage = ui.New[editionsData](files, "pages/phien-ban.html")

// editions shows what changed from edition to edition, the draft first.
func (p *Pages) editions(c *web.Ctx) error {
	d, err := p.document(c)
	if err != nil {
		return err
	}
	all, err := p.Documents.Editions(c.Context(), d)
	if err != nil {
		return err
	}
	data := editionsData{Label: d.Label(), Back: documents.OfficePath(d.ID)}
	if d.Dirty && len(all) > 0 {
		draft, err := p.Documents.Draft(c.Context(), d)
		if err != nil {
			return err
		}
		changes, err := p.Documents.Compare(c.Context(), all[0].Shown, draft)
		if err != nil {
			return err
		}
		data.Editions = append(data.Editions, editionDiff{Title: "Bản sửa đang chờ đăng", Note: "Người đọc chưa thấy bản này.", Changes: changes})
	}
	for i, e := range all {
		diff := editionDiff{Title: "Bản " + text.FormatNumber(int64(e.Number)) + ", " + text.FormatDayTime(e.At) + ", " + e.Name + " đăng", Note: e.Note, First: i+1 == len(all)}
		if !diff.First {
			if diff.Changes, err = p.Documents.Compare(c.Context(), all[i+1].Shown, e.Shown); err != nil {
				return err
			}
		}
		data.Editions = append(data.Editions, diff)
	}
	return c.Render(editionsPage.With(data))
}
