package documentsweb

import (
	"context"
	"slices"
	"strconv"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/workflow"
	"bangvang/internal/documents"
)

type stepData struct {
	Form    ui.Form
	Step    workflow.Step
	Label   string
	Subject string
	Back    string
	Says    string // what will happen, and who will see it
	Classes []ui.Option
	Changes []ui.Option
	Endings []ui.Option
	Next    int // the number it would get
}

var stepPage = ui.New[stepData](files, "pages/buoc.html", "pages/chung.html")

// says tells, before a step is taken, what will be seen by whom.
func says(d documents.Document, do string) string {
	switch do {
	case "classify":
		return "Sau khi phân loại, văn bản công khai chuyển sang Phòng Chính trị – Tư tưởng để đăng; văn bản nội bộ được lưu trong sổ."
	case "post":
		return "Văn bản sẽ hiện trên trang công khai trong vài giây, trong danh sách, ô tìm kiếm và luồng tin; địa chỉ của trang không thay đổi về sau."
	case "update":
		return "Bản sửa sẽ thay bản đang hiện trong vài giây. Lời ghi cho người đọc hiện ở cuối trang và trong luồng tin."
	case "withdraw":
		return "Trang đổi trong vài giây; trình duyệt đang mở trang cũ có thể giữ bản cũ đến một phút. Địa chỉ trang vẫn trả lời; không có gì bị xóa khỏi sổ."
	case "restore":
		return "Trang hiện lại như trước khi gỡ, ở địa chỉ cũ."
	case "number":
		return "Số đã cấp không dùng lại. Sau bước này số, ngày, loại và cơ quan ban hành không sửa được nữa."
	case "recall", "correct", "replace":
		if d.Live > 0 {
			return "Trang công khai vẫn còn và ghi rõ tình trạng mới."
		}
	}
	return ""
}

// offered finds a step among those the actor may take now.
func (p *Pages) offered(c *web.Ctx, d documents.Document) (workflow.Step, error) {
	steps, err := p.Documents.Offered(c.Context(), d)
	if err != nil {
		return workflow.Step{}, err
	}
	i := slices.IndexFunc(steps, func(s workflow.Step) bool { return s.Do == c.Path("do") })
	if i < 0 {
		return workflow.Step{}, fault.New(fault.Conflict, "Bước này không làm được lúc này, hoặc cần một người khác làm. Hãy xem bước hiện tại trên trang văn bản.")
	}
	return steps[i], nil
}

func (p *Pages) drawStep(c *web.Ctx, d documents.Document, step workflow.Step, form ui.Form) (ui.Filled, error) {
	data := stepData{Form: form, Step: step, Label: d.Label(), Subject: d.Content.Subject, Back: documents.OfficePath(d.ID), Says: says(d, step.Do)}
	for _, class := range []documents.Class{documents.Public, documents.Internal, documents.Secret} {
		data.Classes = append(data.Classes, ui.Option{Value: string(class), Label: class.Title()})
	}
	data.Changes = []ui.Option{
		{Value: string(documents.Major), Label: "Thay đổi lớn", Hint: "Nội dung, số, ngày, hiệu lực. Văn bản lên đầu luồng tin."},
		{Value: string(documents.Minor), Label: "Sửa nhỏ", Hint: "Lỗi chính tả, bản quét rõ hơn."},
	}
	for _, e := range []documents.Ending{documents.EndWithdrawn, documents.EndReplaced, documents.EndError} {
		data.Endings = append(data.Endings, ui.Option{Value: string(e), Label: e.Title()})
	}
	if step.Do == "number" {
		next, err := p.Documents.Next(c.Context(), d)
		if err != nil {
			return nil, err
		}
		data.Next = next
	}
	return stepPage.With(data), nil
}

func (p *Pages) stepForm(c *web.Ctx) error {
	d, err := p.document(c)
	if err != nil {
		return err
	}
	if err := p.Documents.CheckStep(c.Context(), d, c.Path("do")); err != nil {
		return err
	}
	step, err := p.offered(c, d)
	if err != nil {
		return err
	}
	page, err := p.drawStep(c, d, step, c.NewForm(map[string][]string{"class": {string(d.Class)}}, d.Version))
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) step(c *web.Ctx) error {
	d, err := p.document(c)
	if err != nil {
		return err
	}
	if err := p.Documents.CheckStep(c.Context(), d, c.Path("do")); err != nil {
		return err
	}
	i := slices.IndexFunc(documents.Workflow(d.Kind).Steps, func(s workflow.Step) bool { return s.Do == c.Path("do") })
	step := documents.Workflow(d.Kind).Steps[i]
	if err := p.take(c, d.ID, step.Do); err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) { return p.drawStep(c, d, step, form) })
	}
	return saved(c, "%s: đã ghi “%s”.", d.Label(), step.Title)
}

// take reads what the step's form asks for and calls the step's verb.
func (p *Pages) take(c *web.Ctx, id documents.DocID, do string) error {
	s, ctx, version, note := p.Documents, c.Context(), c.Version(), c.Lines("note")
	switch do {
	case "classify":
		return s.Classify(ctx, id, version, documents.Class(c.Text("class")), note)
	case "keep":
		return s.Keep(ctx, id, version, note)
	case "return", "reopen":
		return s.SendBack(ctx, id, version, do, note)
	case "post":
		return s.Post(ctx, id, version, note)
	case "update":
		return s.Update(ctx, id, version, documents.Change(c.Text("change")), note)
	case "withdraw":
		w := documents.Withdrawal{Ending: documents.Ending(c.Text("ending")), Note: note}
		if w.Ending == documents.EndReplaced {
			var err error
			if w.Target, err = p.target(ctx, c); err != nil {
				return err
			}
		}
		return s.Withdraw(ctx, id, version, w)
	case "restore":
		return s.Restore(ctx, id, version, note)
	case "correct", "recall":
		return s.Recall(ctx, id, version, do, note)
	case "replace":
		by, err := p.target(ctx, c)
		if err != nil {
			return err
		}
		return s.ReplacedBy(ctx, id, version, by, note)
	case "number":
		n := documents.Numbering{IssuedOn: c.Day("issued_on"), Ordinal: int(c.Int("ordinal")), Gap: c.Text("gap")}
		if err := c.Err(); err != nil {
			return err
		}
		return s.Number(ctx, id, version, n)
	}
	return s.Advance(ctx, id, version, do, note)
}

// target finds the document named by its number in the form.
func (p *Pages) target(ctx context.Context, c *web.Ctx) (documents.DocID, error) {
	year, _ := strconv.Atoi(c.Text("target_year"))
	return p.Documents.FindByNumber(ctx, c.Text("target"), year)
}
