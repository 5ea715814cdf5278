package reportsweb

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

type boardData struct {
	view
	Filters []ui.FilterGroup
	Wall    bool
	Here    string // this page; the script draws it anew when something changed
	Stream  string
	Links   []ui.Link
	Flip    ui.Link // to the wall screen and back
	Now     int64
	Tick    int64
	Due     string
	Numbers []number
	Late    []tile
	More    int // late sites beyond those shown
	Groups  []tileGroup
	Sums    reports.Figures
	Missing string // "thiếu 3 điểm"
	Rates   []lineRate
	Todo    []todo // what waits for somebody, most urgent first
	Hidden  int    // of it beyond what is shown
	Ready   int
	CanBulk bool
	Says    string // the state in a sentence, for who does not see it change
	Sheet   string
	Gaps    []exam.Site
	Rosters string
}

// A number is one of the board's large counts.
type number struct {
	Label string
	N     int
	Of    int // 0 = not shown
	Class string
}

// A tile is one site on the board.
type tile struct {
	Href  string
	Code  string
	Name  string
	Class string // of its state, for the style
	Mark  string // a shape that is told apart without colour
	Word  string
	Title string // the state in full
	Late  string // how late, "12 phút"
	Sort  int64
}

type tileGroup struct {
	Name  string
	Tiles []tile
}

type lineRate struct {
	Name                        string
	Registered, Present, Absent int64
	Rate                        string
}

// A todo is something on the board with a verb.
type todo struct {
	Tone  ui.Tone
	Kind  string
	Site  string
	Text  string
	Links []ui.Link
}

var boardPage = ui.New[boardData](files, "pages/hd-bang.html")

// looks are how the states are drawn: each by its own shape and word.
var looks = map[reports.Progress]struct{ class, mark, word string }{
	reports.NotDue:    {"khong", "–", "không thi"},
	reports.Awaited:   {"chua", "○", "chưa gửi"},
	reports.Drafting:  {"nhap", "✎", "đang nhập"},
	reports.SavedOff:  {"luu", "▽", "lưu máy"},
	reports.Sent:      {"gui", "▶", "đã gửi"},
	reports.Confirmed: {"gui", "▶", "xác nhận"},
	reports.Returned:  {"tra", "↩", "trả lại"},
	reports.Conflicts: {"khac", "≠", "hai số"},
	reports.Accepted:  {"nhan", "✓", "đã nhận"},
	reports.Locked:    {"nhan", "✓", "đã khóa"},
}

func (v view) tile(r reports.Row) tile {
	cell := r.Cell(v.Part)
	look := looks[cell.Progress]
	t := tile{Href: at(slotAt(v.Sitting.ID, r.Site.ID), v.Sitting.ID, v.Part), Code: r.Site.Code, Name: strings.TrimPrefix(r.Site.Name, "Điểm thi "), Class: look.class, Mark: look.mark,
		Word: look.word, Title: cell.Progress.Label()}
	if cell.Progress == reports.NotDue {
		t.Title = r.Why
		if r.Gap {
			t.Class, t.Mark, t.Word = "thieu", "?", "chưa có DS"
		}
	}
	if cell.Late > 0 && !cell.Progress.Heard() {
		t.Late, t.Sort = ago(cell.Late), cell.Late
		t.Class += " tre"
		if cell.Progress == reports.Awaited {
			t.Mark = "!"
		}
		t.Word = "trễ " + strconv.FormatInt(max(1, cell.Late/60_000), 10) + "′"
		t.Title += ", trễ " + t.Late
	}
	return t
}

// shownLate and shownTodo bound what stands beside the tiles, so that 200 sites fit on a screen.
const (
	shownLate = 12
	wallLate  = 8
	shownTodo = 6
	wallWords = 80 // letters of what stands beside a wall's tiles
)

func (p *Pages) board(c *web.Ctx) error {
	v, err := p.deskView(c)
	if err != nil {
		return err
	}
	b, err := p.Reports.Board(c.Context(), v.Sitting.ID)
	if err != nil {
		return err
	}
	part := b.Part(v.Part)
	data := boardData{view: v, Wall: c.Text("tuong") == "1", Now: b.Now, Tick: b.Tick, Sums: part.Figures, Ready: part.Ready,
		CanBulk: c.Can(reports.ActAccept, everywhere), Sheet: v.at(sheetPath), Gaps: b.Gaps,
		Rosters: fmt.Sprintf("/quan-tri/ky-thi/%d/dot/%d/dang-ky", v.Exam.Year, v.Round.Number)}
	data.Due = fmt.Sprintf("Hạn %s, %s", text.FormatClock(part.DueAt), ahead(b.Now, part.DueAt))
	data.Stream = streamPath + "?buoi=" + string(v.Sitting.ID)
	data.Here = v.at(boardPath)
	data.Filters = v.filters(boardPath)
	data.Flip = ui.Link{Href: v.at(boardPath, "tuong", "1"), Label: "Màn hình treo tường"}
	if data.Wall {
		data.Here, data.Flip = v.at(boardPath, "tuong", "1"), ui.Link{Href: v.at(boardPath), Label: "Trở về trang làm việc"}
	}
	data.Links = p.boardLinks(c, v)
	p.fillTiles(&data, b)
	if data.Todo, err = p.todo(c.Context(), v, b); err != nil {
		return err
	}
	if data.Wall {
		if n := len(data.Todo); n > shownTodo {
			data.Todo, data.Hidden = data.Todo[:shownTodo], n-shownTodo
		}
		for i, t := range data.Todo {
			data.Todo[i].Text = text.Excerpt(t.Text, wallWords)
		}
	}
	return c.Render(boardPage.With(data))
}

// deskView is the view for who has the desk; everybody else finds nothing there.
func (p *Pages) deskView(c *web.Ctx) (view, error) {
	if err := p.Policy.Check(c.Context(), reports.ActBoard, everywhere); err != nil {
		return view{}, err
	}
	return p.view(c)
}

func (p *Pages) boardLinks(c *web.Ctx, v view) []ui.Link {
	var links []ui.Link
	if c.Can(reports.ActDictate, everywhere) {
		links = append(links, ui.Link{Href: v.at(phonePath), Label: "Nhập qua điện thoại"})
	}
	if c.Can(reports.ActAccept, everywhere) {
		links = append(links, ui.Link{Href: v.at(sheetPath), Label: "Danh sách gọi"})
	}
	return links
}

func (p *Pages) fillTiles(data *boardData, b reports.Board) {
	part := b.Part(data.Part)
	for _, r := range b.Rows {
		t := data.tile(r)
		if n := len(data.Groups); n == 0 || data.Groups[n-1].Name != r.Site.LocalityName {
			data.Groups = append(data.Groups, tileGroup{Name: r.Site.LocalityName})
		}
		g := &data.Groups[len(data.Groups)-1]
		g.Tiles = append(g.Tiles, t)
		if t.Late != "" {
			data.Late = append(data.Late, t)
		}
	}
	slices.SortStableFunc(data.Late, func(a, b tile) int { return cmp.Compare(b.Sort, a.Sort) })
	most := shownLate
	if data.Wall {
		most = wallLate
	}
	if len(data.Late) > most {
		data.More = len(data.Late) - most
		data.Late = data.Late[:most]
	}
	f := part.Figures
	waiting := part.Counts[reports.Sent] + part.Counts[reports.Confirmed]
	data.Numbers = []number{{"Đã tiếp nhận", f.Accepted, f.Expected, "nhan"}, {"Đã gửi, chờ tiếp nhận", waiting, 0, "gui"}, {"Trễ, chưa có tin", part.Late, 0, "tre"},
		{"Đã trả lại", part.Counts[reports.Returned], 0, "tra"}, {"Hai số liệu khác nhau", part.Counts[reports.Conflicts], 0, "khac"}}
	data.Says = fmt.Sprintf("Đã tiếp nhận %d trên %d, %d điểm trễ, %d điểm có hai số liệu.", f.Accepted, f.Expected, part.Late, part.Counts[reports.Conflicts])
	for _, l := range f.Lines {
		data.Rates = append(data.Rates, lineRate{l.Name, l.Registered, l.Present, l.Absent, l.Rate()})
	}
	data.Missing = "đủ điểm thi"
	if f.Provisional() {
		data.Missing = fmt.Sprintf("thiếu %d điểm", len(f.Missing))
	}
}

// todo gathers what waits for somebody: what two reports disagree about, what went wrong, what a site
// answered to a warning.
func (p *Pages) todo(ctx context.Context, v view, b reports.Board) ([]todo, error) {
	var all, calm []todo
	for _, i := range b.Incidents {
		row, _ := b.Row(i.Site)
		t := todo{Tone: ui.Warn, Kind: "Sự cố " + strings.ToLower(reports.SeverityLabel(i.Severity)), Site: siteName(row.Site), Text: i.Happened + ": " + text.Excerpt(i.What, 160),
			Links: []ui.Link{{Href: v.at(incidentsPath + "/" + string(i.ID)), Label: "Xem, ghi đã xử lý"}}}
		if i.Urgent() {
			t.Tone = ui.Bad
			all = append(all, t)
		} else {
			calm = append(calm, t)
		}
	}
	for _, x := range b.Conflicts {
		row, _ := b.Row(x.Site)
		all = append(all, todo{ui.Bad, "Hai số liệu khác nhau", siteName(row.Site), x.Kind.Label() + ", " + strings.ToLower(partTitle(x.Part)),
			[]ui.Link{{Href: conflictPath + "/" + string(x.ID), Label: "So sánh, chọn số đúng"}}})
	}
	all = append(all, calm...)
	for _, r := range b.Rows {
		if cell := r.Cell(v.Part); cell.Back != nil && cell.Progress == reports.Returned {
			all = append(all, todo{ui.Warn, "Đã trả lại, chưa gửi lại", siteName(r.Site), text.Excerpt(cell.Back.Note, 160),
				[]ui.Link{{Href: v.at(sheetPath) + "#d-" + string(r.Site.ID), Label: "Gọi điểm thi"}}})
		}
	}
	all = append(all, p.whole(v, b)...)
	open, err := p.Reports.Unresolved(ctx, v.Sitting.ID)
	if err != nil {
		return nil, err
	}
	for _, u := range open {
		all = append(all, todo{ui.Warn, "V-13: vắng chưa rõ lý do", sittingName(u.Sitting), fmt.Sprintf("Còn %d thí sinh; phải làm rõ hoặc ghi vì sao trước khi tổng hợp buổi này.", u.N),
			[]ui.Link{{Href: at(boardPath, u.Sitting.ID, rules.Closing), Label: "Mở bảng buổi ấy"}}})
	}
	for _, w := range b.Warnings {
		row, _ := b.Row(w.Site)
		if cell := row.Cell(v.Part); w.Part != v.Part || cell.Waiting == nil || cell.Waiting.ID != w.Report {
			continue // read and accepted, or of the other part
		}
		all = append(all, todo{ui.Warn, "Cảnh báo " + w.Rule, siteName(row.Site), w.Message + " Điểm thi ghi: “" + text.Excerpt(w.Reason, 160) + "”",
			[]ui.Link{{Href: at(slotAt(v.Sitting.ID, w.Site), v.Sitting.ID, v.Part), Label: "Xem, tiếp nhận hoặc trả lại"}}})
	}
	return all, nil
}

// whole gathers what concerns the sitting as a whole.
func (p *Pages) whole(v view, b reports.Board) []todo {
	var all []todo
	if b.Part(v.Part).AllPresent {
		all = append(all, todo{ui.Warn, "V-14: không ai vắng", "Toàn tỉnh", "Mọi điểm thi đã tiếp nhận đều báo đủ 100 %. Hãy hỏi lại vài điểm trước khi tổng hợp.",
			[]ui.Link{{Href: v.at(provincePath), Label: "Xem số liệu"}}})
	}
	for _, s := range b.Gaps {
		all = append(all, todo{ui.Warn, "Chưa có số đăng ký", siteName(s), "Điểm thi đang mở nhưng chưa có số thí sinh đăng ký nên không được chờ báo cáo.",
			[]ui.Link{{Href: fmt.Sprintf("/quan-tri/ky-thi/%d/dot/%d/dang-ky", v.Exam.Year, v.Round.Number), Label: "Nhập số đăng ký"}}})
	}
	return all
}

// beat is how often the line of a page that is open proves to be alive.
const beat = 15 * time.Second

// stream tells a page that what it shows of a sitting has changed.
func (p *Pages) stream(c *web.Ctx) error {
	v, err := p.deskView(c)
	if err != nil {
		return err
	}
	tick, err := p.Reports.Tick(c.Context(), v.Sitting.ID)
	if err != nil {
		return err
	}
	return c.Stream(func(ctx context.Context, send func(event, data string) error) error {
		// A change between the page and this line is told at once: the page compares the number.
		if err := send("moi", strconv.FormatInt(tick, 10)); err != nil {
			return err
		}
		for ctx.Err() == nil {
			now, err := p.wait(ctx, v.Sitting.ID, tick)
			switch {
			case ctx.Err() != nil:
				return nil
			case err != nil:
				return err
			case now == tick:
				err = send("", "")
			default:
				tick = now
				err = send("moi", strconv.FormatInt(tick, 10))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// wait gives the tick after the next change, or the same one after a while.
func (p *Pages) wait(ctx context.Context, sitting exam.SittingID, tick int64) (int64, error) {
	until, cancel := context.WithTimeout(ctx, beat)
	defer cancel()
	now, err := p.Reports.Wait(until, sitting, tick)
	if until.Err() != nil {
		return tick, nil
	}
	return now, err
}

type bulkData struct {
	view
	Back string
	Done []string
	Left []left
}

type left struct {
	Site string
	Why  string
	Link ui.Link
}

var bulkPage = ui.New[bulkData](files, "pages/hd-tiep-nhan.html")

// acceptClean accepts what gives nothing to look at and says what was left, and why.
func (p *Pages) acceptClean(c *web.Ctx) error {
	v, err := p.deskView(c)
	if err != nil {
		return err
	}
	b, err := p.Reports.Board(c.Context(), v.Sitting.ID)
	if err != nil {
		return err
	}
	bulk, err := p.Reports.AcceptClean(c.Context(), v.Sitting.ID, v.Part)
	if err != nil {
		return err
	}
	if len(bulk.Left) == 0 {
		return c.See(v.at(boardPath), "Đã tiếp nhận %d báo cáo. Không còn báo cáo nào phải xem riêng.", len(bulk.Accepted))
	}
	data := bulkData{view: v, Back: v.at(boardPath)}
	for _, r := range b.Rows {
		if w := r.Cell(v.Part).Waiting; w != nil && slices.Contains(bulk.Accepted, w.ID) {
			data.Done = append(data.Done, siteName(r.Site))
		}
	}
	for _, l := range bulk.Left {
		row, _ := b.Row(l.Site)
		data.Left = append(data.Left, left{siteName(row.Site), l.Why, ui.Link{Href: at(slotAt(v.Sitting.ID, l.Site), v.Sitting.ID, v.Part), Label: "Xem báo cáo"}})
	}
	return c.Render(bulkPage.With(data))
}
