// Package readinessweb shows package readiness in the office: a unit's list and report (own.go,
// report.go), gaps (gap.go), the exam office's table and checklists (table.go, calls.go), the roll-up
// (rollup.go), and difficulties (difficulty.go).
//
// Handlers read the request, call one verb of [readiness.Service] and draw a page. What is allowed and
// what is right is decided there. Start reading at [Pages.Register].
package readinessweb

import (
	"context"
	"embed"
	"net/url"
	"slices"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/workflow"
	"bangvang/internal/readiness"
)

//go:embed pages/*.html
var files embed.FS

// Where the pages begin.
const (
	BasePath         = "/quan-tri/chuan-bi"
	DifficultiesPath = "/quan-tri/vuong-mac"

	callsPath  = BasePath + "/dot"
	rollUpPath = BasePath + "/tong-hop"
)

// aboveMaxFile: uploads may be a little more than the verb takes, so that its words are read.
const aboveMaxFile = 2 << 20

// Pages serves the pages.
type Pages struct {
	Readiness *readiness.Service
	Policy    *access.Policy
	Clock     *clock.Clock
}

var everywhere access.Place

// Register puts the pages on the office.
func (p *Pages) Register(o *web.Office) {
	o.GET(BasePath, web.LoggedIn, p.home)
	o.GET(BasePath+"/bang.csv", web.LoggedIn, p.export)

	const one = BasePath + "/bao-cao/{call}/{subject}"
	o.GET(one, readiness.ActRead, p.report)
	o.GET(one+"/muc/{code}", readiness.ActFill, p.itemForm)
	o.POST(one+"/muc/{code}", readiness.ActFill, p.fill, web.MaxBody(p.Readiness.MaxFile+aboveMaxFile), web.Timeout(5*time.Minute))
	o.GET(one+"/buoc/{do}", readiness.ActRead, p.stepForm)
	o.POST(one+"/buoc/{do}", readiness.ActRead, p.step)
	o.GET(one+"/ton-tai/{code}", readiness.ActReview, p.gapForm)
	o.POST(one+"/ton-tai/{code}", readiness.ActReview, p.openGap)
	o.GET(BasePath+"/tep/{file}", readiness.ActRead, p.file, web.Timeout(5*time.Minute))
	o.POST(BasePath+"/tep/{file}/bo", readiness.ActFill, p.drop)

	o.GET(BasePath+"/ton-tai/{gap}", readiness.ActRead, p.gap)
	o.POST(BasePath+"/ton-tai/{gap}/khac-phuc", readiness.ActFill, p.fixGap, web.MaxBody(p.Readiness.MaxFile+aboveMaxFile), web.Timeout(5*time.Minute))
	o.POST(BasePath+"/ton-tai/{gap}/xac-nhan", readiness.ActReview, p.closeGap)
	o.POST(BasePath+"/ton-tai/{gap}/mo-lai", readiness.ActReview, p.reopenGap)
	o.POST(BasePath+"/ton-tai/{gap}/muc-do", readiness.ActReview, p.setCritical)

	o.GET(callsPath, readiness.ActTemplate, p.calls)
	o.GET(callsPath+"/moi", readiness.ActTemplate, p.callForm)
	o.POST(callsPath+"/moi", readiness.ActTemplate, p.saveCall)
	o.GET(callsPath+"/{call}", readiness.ActTemplate, p.callForm)
	o.POST(callsPath+"/{call}", readiness.ActTemplate, p.saveCall)
	o.POST(callsPath+"/{call}/dong", readiness.ActTemplate, p.closeCall)
	o.GET(BasePath+"/danh-muc/{kind}", readiness.ActTemplate, p.templateForm)
	o.POST(BasePath+"/danh-muc/{kind}", readiness.ActTemplate, p.saveTemplate)

	o.GET(rollUpPath, readiness.ActRollUp, p.rollUp)
	o.POST(rollUpPath+"/lap", readiness.ActReview, p.compile)
	o.GET(rollUpPath+"/{id}", readiness.ActRollUp, p.frozen)
	o.POST(rollUpPath+"/{id}/duyet", readiness.ActDecide, p.approve)
	o.POST(rollUpPath+"/{id}/gui", readiness.ActSend, p.send)

	o.GET(DifficultiesPath, readiness.ActDifficultyRead, p.difficulties)
	o.GET(DifficultiesPath+"/moi", readiness.ActRaise, p.raiseForm)
	o.POST(DifficultiesPath+"/moi", readiness.ActRaise, p.raise)
	o.GET(DifficultiesPath+"/{id}", readiness.ActDifficultyRead, p.difficulty)
	o.POST(DifficultiesPath+"/{id}/tra-loi", readiness.ActAnswer, p.answer)
	o.POST(DifficultiesPath+"/{id}/mo-lai", readiness.ActRaise, p.reopen)
	o.POST(DifficultiesPath+"/{id}/xong", readiness.ActRaise, p.closeDifficulty)
}

// Nav gives the part of the office's navigation that leads here, for the actor of ctx.
func (p *Pages) Nav(ctx context.Context) ui.NavGroup {
	g := ui.NavGroup{Title: "Chuẩn bị thi"}
	if p.Policy.Anywhere(ctx, readiness.ActRead) {
		g.Links = append(g.Links, ui.Link{Href: BasePath, Label: "Báo cáo chuẩn bị"})
	}
	if p.Policy.Can(ctx, readiness.ActRollUp, everywhere) {
		g.Links = append(g.Links, ui.Link{Href: rollUpPath, Label: "Tổng hợp chuẩn bị"})
	}
	if p.Policy.Can(ctx, readiness.ActTemplate, everywhere) {
		g.Links = append(g.Links, ui.Link{Href: callsPath, Label: "Đợt báo cáo, danh mục"})
	}
	if p.Policy.Anywhere(ctx, readiness.ActDifficultyRead) {
		g.Links = append(g.Links, ui.Link{Href: DifficultiesPath, Label: "Vướng mắc"})
	}
	return g
}

// reportPath is where a report is seen.
func reportPath(call readiness.CallID, subject string) string {
	return BasePath + "/bao-cao/" + string(call) + "/" + url.PathEscape(subject)
}

func (p *Pages) today() string { return clock.Day(p.Clock.Now()) }

// stateTag gives a report's state as one word.
func stateTag(state workflow.State) ui.Tag {
	t := ui.Tag{Word: readiness.ReportWorkflow().States[state]}
	switch state {
	case readiness.StateReady:
		t.Tone = ui.OK
	case readiness.StateNotReady:
		t.Tone = ui.Bad
	case readiness.StateGapOpen, readiness.StateDue:
		t.Tone = ui.Warn
	case readiness.StateSubmitted, readiness.StateGapFixed, readiness.StateReviewed:
		t.Tone = ui.Info
	}
	return t
}

func verdictTag(v readiness.Verdict) ui.Tag {
	switch v {
	case readiness.Met:
		return ui.Tag{Tone: ui.OK, Word: v.Label()}
	case readiness.Unmet:
		return ui.Tag{Tone: ui.Warn, Word: v.Label()}
	case readiness.NA:
		return ui.Tag{Word: v.Label()}
	}
	return ui.Tag{Word: "Chưa trả lời"}
}

func gapTag(g readiness.Gap) ui.Tag {
	switch g.State {
	case readiness.GapClosed:
		return ui.Tag{Tone: ui.OK, Word: g.State.Label()}
	case readiness.GapFixed:
		return ui.Tag{Tone: ui.Info, Word: g.State.Label()}
	}
	if g.Critical {
		return ui.Tag{Tone: ui.Bad, Word: "Nghiêm trọng, chưa khắc phục"}
	}
	return ui.Tag{Tone: ui.Warn, Word: g.State.Label()}
}

// historySteps draws a history, the newest first, without the steps to be skipped.
func historySteps(t workflow.Table, history []workflow.Entry, skip ...string) []ui.Step {
	var steps []ui.Step
	for i := len(history) - 1; i >= 0; i-- {
		h := history[i]
		if slices.Contains(skip, h.Do) {
			continue
		}
		title := t.States[h.To]
		for _, s := range t.Steps {
			if s.Do == h.Do && s.From == h.From {
				title = s.Title
			}
		}
		words := h.Name
		if h.Note != "" {
			words += ": " + h.Note
		}
		steps = append(steps, ui.Step{Title: title, Text: words, At: text.FormatDayTime(h.At), State: "done"})
	}
	return steps
}
