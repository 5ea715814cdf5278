package ministryweb

import (
	"net/url"
	"slices"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/ministry"
)

type sendData struct {
	Title, Back string
	ByMail      bool
	Mail        []ui.Option // those with an address: ticked ones are sent another way
	Others      []ministry.Recipient
	Form        ui.Form
}

var sendPage = ui.New[sendData](files, "pages/gui.html")

func (p *Pages) drawSend(c *web.Ctx, form ui.Form) (ui.Filled, error) {
	x, err := p.Ministry.Paper(c.Context(), paperID(c))
	if err != nil {
		return nil, err
	}
	book, err := p.Ministry.Recipients(c.Context(), x.Exam)
	if err != nil {
		return nil, err
	}
	have, err := p.Ministry.Deliveries(c.Context(), x)
	if err != nil {
		return nil, err
	}
	data := sendData{Title: x.Label(), Back: ministry.PaperPath(x.ID), ByMail: p.Ministry.ByMail(), Form: form}
	for _, r := range x.Recipients {
		if slices.ContainsFunc(have, func(d ministry.Delivery) bool { return d.Recipient == r.ID }) {
			continue
		}
		if i := slices.IndexFunc(book, func(b ministry.Recipient) bool { return b.ID == r.ID }); i >= 0 {
			r.Email, r.Way = book[i].Email, book[i].Way
		}
		if data.ByMail && r.Email != "" {
			data.Mail = append(data.Mail, ui.Option{Value: string(r.ID), Label: r.Name, Hint: r.Email})
		} else {
			data.Others = append(data.Others, r)
		}
	}
	return sendPage.With(data), nil
}

func (p *Pages) sendForm(c *web.Ctx) error {
	x, err := p.Ministry.Paper(c.Context(), paperID(c))
	if err != nil {
		return err
	}
	page, err := p.drawSend(c, c.NewForm(nil, x.Version))
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) send(c *web.Ctx) error {
	var otherwise []ministry.RecipientID
	for _, id := range c.All("otherwise") {
		otherwise = append(otherwise, ministry.RecipientID(id))
	}
	if err := p.Ministry.Send(c.Context(), paperID(c), c.Version(), otherwise); err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) { return p.drawSend(c, form) })
	}
	return c.See(ministry.PaperPath(paperID(c)), "Thư đang được gửi. Nơi nào gửi cách khác, hãy gửi rồi ghi lại ở bảng “Gửi và xác nhận”.")
}

type deliveryData struct {
	Do          string
	Title, Back string
	Action      string
	Says        string
	Form        ui.Form
}

var deliveryPage = ui.New[deliveryData](files, "pages/noi-nhan-ghi.html")

// deliveryActs are what can be done with one recipient's delivery, by the last part of the path.
var deliveryActs = map[string]struct {
	title, action, says string
	act                 access.Action
}{
	"da-gui":   {"Ghi đã gửi cách khác", "Ghi đã gửi", "Dùng khi báo cáo đã đến nơi này không qua thư của chương trình. Thư đang chờ, nếu có, sẽ không gửi nữa.", ministry.ActSend},
	"gui-lai":  {"Gửi thư", "Gửi", "Gửi ngay một thư đến địa chỉ dưới đây. Địa chỉ đúng cũng nên sửa ở trang “Nơi nhận báo cáo”.", ministry.ActSend},
	"xac-nhan": {"Xác nhận đã nhận", "Xác nhận", "Ghi ai ở nơi nhận đã xác nhận, bằng cách nào và lúc nào.", ministry.ActReceive},
}

// delivery finds the delivery of the path, for who may do what the path says.
func (p *Pages) delivery(c *web.Ctx) (ministry.Delivery, error) {
	d, x, err := p.Ministry.Delivery(c.Context(), ministry.DeliveryID(c.Path("delivery")))
	if err != nil {
		return d, err
	}
	act, ok := deliveryActs[c.Path("do")]
	if !ok || x.ID != paperID(c) {
		return d, &fault.Error{Kind: fault.NotFound}
	}
	return d, p.Policy.Check(c.Context(), act.act, access.Place{})
}

func drawDelivery(c *web.Ctx, d ministry.Delivery, form ui.Form) (ui.Filled, error) {
	act := deliveryActs[c.Path("do")]
	return deliveryPage.With(deliveryData{Do: c.Path("do"), Title: act.title + ": " + d.Name, Action: act.action, Says: act.says, Back: ministry.PaperPath(paperID(c)), Form: form}), nil
}

func (p *Pages) deliveryForm(c *web.Ctx) error {
	d, err := p.delivery(c)
	if err != nil {
		return err
	}
	v := url.Values{"way": {d.Way}, "email": {d.Email}}
	if c.Path("do") == "xac-nhan" && !c.Can(ministry.ActSend, access.Place{}) {
		v.Set("by", c.Actor().Name)
		v.Set("how", "Trên trang báo cáo gửi Bộ")
	}
	page, err := drawDelivery(c, d, c.NewForm(v, d.Version))
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) deliver(c *web.Ctx) error {
	d, err := p.delivery(c)
	if err != nil {
		return err
	}
	said := "Đã ghi."
	switch c.Path("do") {
	case "da-gui":
		at := moment(c, "at", p.today())
		if err = c.Err(); err == nil {
			err = p.Ministry.MarkSent(c.Context(), d.ID, c.Version(), c.Text("way"), at)
		}
	case "gui-lai":
		err, said = p.Ministry.Resend(c.Context(), d.ID, c.Version(), c.Text("email")), "Thư đang được gửi lại."
	case "xac-nhan":
		at := moment(c, "at", p.today())
		if err = c.Err(); err == nil {
			err = p.Ministry.Confirm(c.Context(), d.ID, c.Version(), c.Text("by"), c.Text("how"), at)
		}
	}
	if err != nil {
		return c.Again(moments(err, "at", "at_clock"), func(form ui.Form) (ui.Filled, error) { return drawDelivery(c, d, form) })
	}
	return c.See(ministry.PaperPath(paperID(c)), "%s", said)
}

// erratumOf finds the delivery whose recipient is to be told.
func (p *Pages) erratumOf(c *web.Ctx) (ministry.Delivery, error) {
	d, x, err := p.Ministry.Delivery(c.Context(), ministry.DeliveryID(c.Path("delivery")))
	if err == nil && (x.ID != paperID(c) || x.OutdatedBy == "") {
		err = &fault.Error{Kind: fault.NotFound}
	}
	return d, err
}

func drawErratum(c *web.Ctx, d ministry.Delivery, form ui.Form) (ui.Filled, error) {
	return notePage.With(noteData{Title: "Ghi đã báo đính chính: " + d.Name, Back: ministry.PaperPath(paperID(c)), Action: "Ghi lại", Label: "Đã báo bằng cách nào, hoặc vì sao không cần báo",
		Says: "Nơi nhận đã có báo cáo cũ. Gửi báo cáo thay thế đến nơi này thì mục này tự được ghi; ở đây chỉ ghi khi báo cách khác.", Form: form}), nil
}

func (p *Pages) erratumForm(c *web.Ctx) error {
	d, err := p.erratumOf(c)
	if err != nil {
		return err
	}
	page, err := drawErratum(c, d, c.NewForm(nil, 0))
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) erratum(c *web.Ctx) error {
	d, err := p.erratumOf(c)
	if err != nil {
		return err
	}
	if err := p.Ministry.SettleErratum(c.Context(), d.ID, c.Text("note")); err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) { return drawErratum(c, d, form) })
	}
	return c.See(ministry.PaperPath(paperID(c)), "Đã ghi.")
}
