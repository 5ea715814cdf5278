// Package ministryweb has the office pages of the link with the Ministry's Office: what is owed and where
// it stands, a paper with its files, deliveries and errata, the wording of papers, the book of recipients,
// and what the Ministry's Office asks.
//
// Its handlers read the request, call one verb of [ministry.Service] and draw a page; what is allowed and
// what is right is decided there. Start reading at [Pages.Register].
package ministryweb

import (
	"context"
	"embed"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
	"bangvang/internal/ministry"
	"bangvang/internal/people"
)

//go:embed pages/*.html
var files embed.FS

// Pages serves the pages.
type Pages struct {
	Ministry *ministry.Service
	Exams    *exam.Service
	Policy   *access.Policy
	Clock    *clock.Clock
	Roles    func(context.Context) (people.RoleWords, error) // in which role somebody acted, in words
}

const (
	basePath     = ministry.BasePath
	makePath     = basePath + "/lap/{kind}/{of}"
	paperPath    = basePath + "/bao-cao/{id}"
	deliveryPath = paperPath + "/noi-nhan/{delivery}/{do}"
	wordingsPath = basePath + "/mau"
	wordingPath  = wordingsPath + "/{kind}"
	bookPath     = basePath + "/noi-nhan"
	requestsPath = basePath + "/yeu-cau"
	requestPath  = requestsPath + "/{id}"
)

// aboveMaxFile lets an upload be a little more than the verb takes, so that its words are read.
const aboveMaxFile = 2 << 20

// Register puts the pages on the office.
func (p *Pages) Register(o *web.Office) {
	o.GET(basePath, ministry.ActReadSent, p.overview)
	o.GET(makePath, ministry.ActSend, p.makeForm)
	o.POST(makePath, ministry.ActSend, p.make)
	o.GET(paperPath, ministry.ActReadSent, p.show)
	o.GET(paperPath+"/sua", ministry.ActSend, p.editForm)
	o.POST(paperPath+"/sua", ministry.ActSend, p.edit)
	o.POST(paperPath+"/trinh", ministry.ActSend, p.submit)
	o.POST(paperPath+"/lay-lai", ministry.ActSend, p.takeBack)
	o.GET(paperPath+"/bo", ministry.ActSend, p.dropForm)
	o.POST(paperPath+"/bo", ministry.ActSend, p.drop)
	o.GET(paperPath+"/ban-ky", ministry.ActIssue, p.issueForm)
	o.POST(paperPath+"/ban-ky", ministry.ActIssue, p.issue, web.MaxBody(p.Ministry.MaxFile+aboveMaxFile), web.Timeout(10*time.Minute))
	o.GET(paperPath+"/gui", ministry.ActSend, p.sendForm)
	o.POST(paperPath+"/gui", ministry.ActSend, p.send)
	o.GET(paperPath+"/tep/{format}", ministry.ActReadSent, p.file, web.Timeout(5*time.Minute))
	o.GET(deliveryPath, ministry.ActReceive, p.deliveryForm)
	o.POST(deliveryPath, ministry.ActReceive, p.deliver)
	o.GET(paperPath+"/dinh-chinh/{delivery}", ministry.ActSend, p.erratumForm)
	o.POST(paperPath+"/dinh-chinh/{delivery}", ministry.ActSend, p.erratum)

	o.GET(wordingsPath, ministry.ActRead, p.wordings)
	o.GET(wordingPath, ministry.ActRead, p.wordingForm)
	o.POST(wordingPath, ministry.ActWording, p.saveWording)
	o.POST(wordingPath+"/xem", ministry.ActRead, p.previewWording)

	o.GET(bookPath, ministry.ActRead, p.book)
	o.POST(bookPath, ministry.ActWording, p.fillBook)
	o.GET(bookPath+"/moi", ministry.ActWording, p.recipientForm)
	o.POST(bookPath+"/moi", ministry.ActWording, p.saveRecipient)
	o.GET(bookPath+"/{recipient}", ministry.ActWording, p.recipientForm)
	o.POST(bookPath+"/{recipient}", ministry.ActWording, p.saveRecipient)

	o.GET(requestsPath, ministry.ActRequestRead, p.requests)
	o.GET(requestsPath+"/moi", ministry.ActRequest, p.requestForm)
	o.POST(requestsPath+"/moi", ministry.ActRequest, p.record)
	o.GET(requestPath, ministry.ActRequestRead, p.request)
	o.GET(requestPath+"/{do}", ministry.ActRequestRead, p.stepForm)
	o.POST(requestPath+"/{do}", ministry.ActRequestRead, p.step)
}

// Nav gives the part of the office's navigation that leads here, for the actor of ctx.
func (p *Pages) Nav(ctx context.Context) ui.NavGroup {
	g := ui.NavGroup{Title: "Văn phòng Bộ"}
	add := func(action access.Action, href, label string) {
		if p.Policy.Anywhere(ctx, action) {
			g.Links = append(g.Links, ui.Link{Href: href, Label: label})
		}
	}
	add(ministry.ActReadSent, basePath, "Báo cáo gửi Bộ")
	add(ministry.ActRequestRead, requestsPath, "Yêu cầu của Bộ")
	add(ministry.ActWording, bookPath, "Nơi nhận báo cáo")
	add(ministry.ActWording, wordingsPath, "Mẫu báo cáo")
	return g
}

// current gives the exam whose reports the pages are about; ok is false when there is none.
func (p *Pages) current(c *web.Ctx) (e exam.Exam, ok bool, err error) {
	e, err = p.Exams.Current(access.System(c.Context(), "Trang báo cáo gửi Bộ"))
	if fault.Is(err, fault.NotFound) {
		return e, false, nil
	}
	return e, err == nil, err
}

// moment reads a day and a time of day, "" for both is now (0); what is no such is noted as wrong.
func moment(c *web.Ctx, name string, today string) int64 {
	day, at := c.Day(name), c.Text(name+"_clock")
	if day == "" && at == "" {
		return 0
	}
	if day == "" {
		day = today
	}
	hhmm, err := text.ParseClock(at)
	if at == "" || err != nil {
		c.Fail(name+"_clock", "Hãy ghi giờ, ví dụ 10:45; hoặc để trống cả ngày và giờ nếu là bây giờ.")
		return 0
	}
	ms, ok := exam.ClockAt(day, hhmm)
	if !ok {
		c.Fail(name, "Hãy ghi ngày, ví dụ 7/7/2021.")
	}
	return ms
}

func (p *Pages) today() string { return clock.Day(p.Clock.Now()) }

// moments puts the verb's complaints about an instant at its time of day, which is what is mistyped.
func moments(err error, from, to string) error {
	wrong := fault.FieldsOf(err)
	for i, f := range wrong {
		if f.Name == from {
			wrong[i].Name = to
		}
	}
	return err
}
