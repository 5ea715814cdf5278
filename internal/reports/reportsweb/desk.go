package reportsweb

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/base/workflow"
	"bangvang/internal/exam"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

// The addresses of the Council's pages.
const (
	boardPath     = BasePath
	streamPath    = BasePath + "/su-kien"
	bulkPath      = BasePath + "/tiep-nhan"
	slotPath      = BasePath + "/xem"
	reportPath    = BasePath + "/ban"
	conflictPath  = BasePath + "/hai-so-lieu"
	incidentsPath = BasePath + "/su-co"
	phonePath     = BasePath + "/dien-thoai"
	sheetPath     = BasePath + "/goi"
	provincePath  = BasePath + "/tong-hop"
	versionPath   = provincePath + "/ban"
	settingsPath  = BasePath + "/thoi-han"
	wordsPath     = BasePath + "/danh-muc"
	contactsPath  = BasePath + "/lien-he"
)

// everywhere is the whole Council: who may act there has the desk.
var everywhere access.Place

// registerDesk puts the pages of the Council on the office. Where the route asks for less than the page
// does, the verb refuses as if there were nothing.
func (p *Pages) registerDesk(o *web.Office) {
	o.GET(boardPath, reports.ActBoard, p.board)
	o.GET(streamPath, reports.ActBoard, p.stream, web.Streaming())
	o.POST(bulkPath, reports.ActAccept, p.acceptClean)
	p.registerSlot(o)
	p.registerIncidents(o)
	p.registerPhone(o)
	p.registerSheet(o)
	p.registerProvince(o)
	p.registerSettings(o)
}

// deskNav gives the links of the Council's people.
func (p *Pages) deskNav(ctx context.Context) []ui.Link {
	var links []ui.Link
	add := func(ok bool, path, label string) {
		if ok {
			links = append(links, ui.Link{Href: path, Label: label})
		}
	}
	can := func(act access.Action) bool { return p.Policy.Can(ctx, act, everywhere) }
	add(can(reports.ActBoard), boardPath, "Bảng báo cáo")
	add(can(reports.ActAccept), sheetPath, "Danh sách gọi")
	add(can(reports.ActDictate), phonePath, "Nhập qua điện thoại")
	add(can(reports.ActBoard), incidentsPath, "Sự cố")
	add(can(reports.ActApproved), provincePath, "Số liệu toàn tỉnh")
	add(can(reports.ActBoard), contactsPath, "Người liên hệ điểm thi")
	add(can(reports.ActBoard), settingsPath, "Thời hạn báo cáo")
	add(can(reports.ActBoard), wordsPath, "Danh mục báo cáo")
	return links
}

// A view says which part of which sitting a page is about.
type view struct {
	Exam    exam.Exam
	Round   exam.Round
	Sitting exam.Sitting
	Part    rules.Part
}

// errNoSitting says that there is nothing to report of.
var errNoSitting = fault.New(fault.NotFound, "Chưa có kỳ thi nào có buổi thi để báo cáo. Khi lịch thi có buổi thi, trang này sẽ có.")

// view finds the sitting and part the address names: the one at hand when it names none.
func (p *Pages) view(c *web.Ctx) (view, error) {
	v := view{}
	id := exam.SittingID(c.Text("buoi"))
	e, err := p.Reports.Exams.Current(c.Context())
	if err != nil && !fault.Is(err, fault.NotFound) {
		return v, err
	}
	var ok bool
	if id != "" {
		if v.Sitting, v.Round, ok = e.Sitting(id); !ok {
			if e, err = p.Reports.Exams.OfSitting(c.Context(), id); err != nil {
				return v, err
			}
			v.Sitting, v.Round, ok = e.Sitting(id)
		}
	} else {
		v.Round, v.Sitting, ok = atHand(e, p.Clock.Millis())
	}
	if !ok || v.Sitting.Kind != exam.Papers {
		return v, errNoSitting
	}
	v.Exam, v.Part = e, rules.Attendance
	if now := p.Clock.Millis(); c.Text("luot") == "2" || c.Text("luot") == "" && now >= v.Sitting.EndsAt() {
		v.Part = rules.Closing
	}
	return v, nil
}

// soon is how long before a sitting begins its pages come up by themselves.
const soon = 90 * 60_000

// atHand finds the sitting that is going on or was last; before the first, the first.
func atHand(e exam.Exam, now int64) (round exam.Round, found exam.Sitting, ok bool) {
	for _, r := range e.Rounds {
		for _, x := range r.Sittings {
			if x.Kind == exam.Papers && len(x.Slots) > 0 && (!ok || x.StartsAt()-soon <= now) {
				round, found, ok = r, x, true
			}
		}
	}
	return round, found, ok
}

// at gives the address of a page about the view's sitting and part.
func (v view) at(path string, more ...string) string { return at(path, v.Sitting.ID, v.Part, more...) }

func at(path string, sitting exam.SittingID, part rules.Part, more ...string) string {
	q := url.Values{"buoi": {string(sitting)}, "luot": {strconv.Itoa(int(part))}}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return path + "?" + q.Encode()
}

// When names the sitting: "Ngữ văn, sáng 7/7/2021".
func (v view) When() string { return sittingName(v.Sitting) }

// PartName names the part.
func (v view) PartName() string { return partTitle(v.Part) }

func sittingName(x exam.Sitting) string {
	return fmt.Sprintf("%s, %s %s", x.Title(), strings.TrimPrefix(x.HalfName(), "buổi "), text.FormatDay(x.Day))
}

func partTitle(part rules.Part) string {
	if part == rules.Closing {
		return "Lượt 2: kết thúc"
	}
	return "Lượt 1: có mặt"
}

// filters lead from a page to the same page about another sitting of the round, the first of another
// round, or the other part.
func (v view) filters(path string, more ...string) []ui.FilterGroup {
	sittings, parts := ui.FilterGroup{Title: "Buổi thi"}, ui.FilterGroup{Title: "Lượt báo cáo"}
	for _, r := range v.Exam.Rounds {
		for i, x := range papersOf(r) {
			if r.ID == v.Round.ID {
				sittings.Links = append(sittings.Links, ui.Link{Href: at(path, x.ID, v.Part, more...), Label: sittingName(x), On: x.ID == v.Sitting.ID})
			} else if i == 0 {
				sittings.Links = append(sittings.Links, ui.Link{Href: at(path, x.ID, v.Part, more...), Label: r.Name})
			}
		}
	}
	for _, part := range []rules.Part{rules.Attendance, rules.Closing} {
		parts.Links = append(parts.Links, ui.Link{Href: at(path, v.Sitting.ID, part, more...), Label: partTitle(part), On: part == v.Part})
	}
	return []ui.FilterGroup{sittings, parts}
}

// papersOf gives a round's sittings with papers.
func papersOf(r exam.Round) []exam.Sitting {
	return slices.DeleteFunc(slices.Clone(r.Sittings), func(x exam.Sitting) bool { return x.Kind != exam.Papers })
}

// slotAt gives the page of one site's reports of a sitting.
func slotAt(sitting exam.SittingID, site exam.SiteID) string {
	return slotPath + "/" + string(sitting) + "/" + string(site)
}

// siteName names a site as the board does: "03 THPT Than Uyên".
func siteName(s exam.Site) string { return s.Code + " " + strings.TrimPrefix(s.Name, "Điểm thi ") }

// stateTag is a report's state as a tag.
func stateTag(r reports.Report) ui.Tag {
	t := ui.Tag{Word: reports.SiteWorkflow(r.Part).States[r.State]}
	switch {
	case r.Locked != "":
		t = ui.Tag{Tone: ui.OK, Word: "Đã tiếp nhận, đã khóa"}
	case r.State == reports.StateAccepted:
		t.Tone = ui.OK
	case r.State == reports.StateDisputed:
		t.Tone = ui.Bad
	case r.State == reports.StateReturned:
		t.Tone = ui.Warn
	case r.State == reports.StateSubmitted, r.State == reports.StateConfirmed:
		t.Tone = ui.Info
	}
	return t
}

// steps makes a history out of the entries of a workflow table.
func steps(t workflow.Table, entries []workflow.Entry, words map[string]string) []ui.Step {
	out := make([]ui.Step, 0, len(entries))
	for _, e := range entries {
		title := words[e.Do]
		if i := slices.IndexFunc(t.Steps, func(x workflow.Step) bool { return x.Do == e.Do }); i >= 0 {
			title = t.Steps[i].Title
		}
		if title == "" {
			title = e.Do
		}
		who := e.Name
		if e.Note != "" {
			who += ". " + e.Note
		}
		out = append(out, ui.Step{Title: title, Text: who, At: text.FormatDayTime(e.At), State: "done"})
	}
	return out
}

// begun are the first steps of a report, which no table has.
var begun = map[string]string{"submit": "Điểm thi gửi", "dictate": "Đọc qua điện thoại", "correct": "Hội đồng thi sửa thay điểm thi", "compile": "Tổng hợp"}

// ago says how long something took or is past: "12 phút", "1 giờ 5 phút".
func ago(ms int64) string {
	minutes := max(1, ms/60_000)
	if minutes < 60 {
		return fmt.Sprintf("%d phút", minutes)
	}
	if minutes%60 == 0 {
		return fmt.Sprintf("%d giờ", minutes/60)
	}
	return fmt.Sprintf("%d giờ %d phút", minutes/60, minutes%60)
}

// ahead says how a deadline lies: "còn 5 phút", "quá hạn 12 phút".
func ahead(now, due int64) string {
	if due > now {
		return "còn " + ago(due-now)
	}
	return "đã qua " + ago(now-due)
}

// The addresses that the first office page leads to.
const (
	IncidentsPath = incidentsPath
	SheetPath     = sheetPath
	ProvincePath  = provincePath
)

// At gives the address of one of these pages about a part of a sitting.
func At(path string, sitting exam.SittingID, part rules.Part) string { return at(path, sitting, part) }

// SittingName names a sitting: "Ngữ văn, sáng 7/7/2021".
func SittingName(x exam.Sitting) string { return sittingName(x) }

// PartTitle names a part: "Lượt 1: có mặt".
func PartTitle(part rules.Part) string { return partTitle(part) }
