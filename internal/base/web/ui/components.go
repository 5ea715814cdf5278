package ui

import (
	"net/url"
	"strconv"

	"bangvang/internal/base/text"
)

// A Tone says what sort of news a notice, a tag or a step brings. Each is drawn with its own mark
// and word, never by colour alone.
type Tone string

// The tones. Gold is for results and good deeds only.
const (
	Plain Tone = ""
	Info  Tone = "info"
	OK    Tone = "ok"
	Warn  Tone = "warn"
	Bad   Tone = "bad"
	Gold  Tone = "gold"
)

// Word is what the tone is called at the head of a notice.
func (t Tone) Word() string {
	switch t {
	case OK:
		return "Đã xong"
	case Warn:
		return "Lưu ý"
	case Bad:
		return "Chưa được"
	case Gold:
		return "Tin vui"
	}
	return "Thông tin"
}

// A Notice tells something the reader should know now.
type Notice struct {
	Tone  Tone
	Title string // "" = the tone's own word
	Text  string
	Link  Link // where to go next; may be zero
}

// A Tag is a state as one word: "Còn hiệu lực".
type Tag struct {
	Tone Tone
	Word string
}

// A Fact is one line of a definition list. Value is text, a number, a [Tag], a [Link], or
// template.HTML made by a capability's own code.
type Fact struct {
	Label string
	Value any
}

// IsTag tells that the value is drawn as a tag.
func (f Fact) IsTag() bool { _, ok := f.Value.(Tag); return ok }

// IsLink tells that the value is drawn as a link.
func (f Fact) IsLink() bool { _, ok := f.Value.(Link); return ok }

// Tag is the value as a tag; zero when it is none.
func (f Fact) Tag() Tag { t, _ := f.Value.(Tag); return t }

// Link is the value as a link; zero when it is none.
func (f Fact) Link() Link { l, _ := f.Value.(Link); return l }

// Empty is what a list without entries says: what will be here and when.
type Empty struct {
	Title string
	Text  string
	Link  Link // what to do instead; may be zero
}

// A Step is one stage of a procedure or one entry of a history.
type Step struct {
	Title string
	Text  string // who did it, or what it needs
	At    string // when, in words; may be empty
	State string // "done", "now", "todo" or "stopped"
}

// Word is the state in words for those who do not see the mark.
func (s Step) Word() string {
	return map[string]string{"done": "Đã xong", "now": "Đang làm", "todo": "Chưa tới", "stopped": "Đã dừng"}[s.State]
}

// A Pager leads through a long list.
type Pager struct {
	Page, Pages int // counted from 1
	Total       int // entries in all
	Path        string
	Query       url.Values // what else the address carries
}

// Previous is the address of the page before, or "".
func (p Pager) Previous() string { return p.to(p.Page - 1) }

// Next is the address of the page after, or "".
func (p Pager) Next() string { return p.to(p.Page + 1) }

func (p Pager) to(n int) string {
	if n < 1 || n > p.Pages {
		return ""
	}
	q := url.Values{}
	for k, v := range p.Query {
		q[k] = v
	}
	q.Del("trang")
	if n > 1 {
		q.Set("trang", strconv.Itoa(n))
	}
	if len(q) == 0 {
		return p.Path
	}
	return p.Path + "?" + q.Encode()
}

// A FilterGroup is one question a list can be narrowed by; its choices are plain links. The first
// choice should be "Tất cả".
type FilterGroup struct {
	Title string
	Links []Link
}

// A DocumentCard is one document in a list.
type DocumentCard struct {
	Href   string
	Kind   string // "Công văn"
	Number string // "08/CT-UBND"
	Issuer string
	Day    string // of issue, "2006-01-02"
	Title  string // the abstract
	Tag    Tag    // in force, replaced …
	Note   string // how many files and pages; may be empty
}

// A Phase is one clock time of the timetable strip.
type Phase struct {
	Clock string // "07:30", or "07:35–09:35" for what lasts
	Label string // "Phát đề"
	State string // "done", "now" or "todo"
}

// A Strip is the timetable of one sitting.
type Strip struct {
	Title  string // "Sáng thứ Tư, 7/7/2021: Ngữ văn"
	Note   string // "120 phút"
	Phases []Phase
}

// A Now is the big answer to "what is happening now, what do I do".
type Now struct {
	Tone  Tone   // Gold once results are out; otherwise Plain
	Lead  string // "Còn 23 ngày" or "Đang thi"
	Title string
	Text  string // leads to At when there is one: "Giờ gọi thí sinh vào phòng thi:"
	At    int64  // ms; when not 0 it is written out, with a countdown to it
	Links []Link
	// Notices are what is not as it was planned; they stand below.
	Notices []Notice
}

// A Heading is one line of a table of contents.
type Heading struct {
	Level int // 1 = outermost
	ID    string
	Text  string
}

// A Progress shows long work.
type Progress struct {
	Label string
	Done  int64
	Total int64
	Rate  string // "12.300 dòng/giây"; may be empty
	Left  string // "còn 2 phút"; may be empty
}

// Words says the progress in one line: "1.234 trên 5.000 (24,68 %), 300 dòng/giây, còn 13 giây".
func (p Progress) Words() string {
	s := text.FormatNumber(p.Done)
	if p.Total > 0 {
		s += " trên " + text.FormatNumber(p.Total) + " (" + text.FormatPercent(p.Done, p.Total) + ")"
	}
	for _, more := range []string{p.Rate, p.Left} {
		if more != "" {
			s += ", " + more
		}
	}
	return s
}

// A Bar is one row of a bar chart.
type Bar struct {
	Label string
	Value int64
	Text  string // the value as shown, "12,5 %"; "" = the number
}

// A BarChart is a table whose rows carry a bar each, so that the picture and its figures are one.
type BarChart struct {
	Title     string
	LabelHead string // heading of the label column
	ValueHead string // heading of the value column
	Rows      []Bar
	Note      string // "số liệu đến 09:00"; may be empty
}

// A DrawnBar is a bar with its width, in thousandths of the longest.
type DrawnBar struct {
	Bar
	Width int64
	Shown string
}

// Drawn measures the bars; the longest has the full width.
func (c BarChart) Drawn() []DrawnBar {
	most := int64(1)
	for _, r := range c.Rows {
		most = max(most, r.Value)
	}
	out := make([]DrawnBar, len(c.Rows))
	for i, r := range c.Rows {
		out[i] = DrawnBar{r, max(r.Value, 0) * 1000 / most, shown(r)}
	}
	return out
}

// A Sort is the heading of a column by which a table can be ordered.
type Sort struct {
	Label string
	Href  string // orders by this column; "" = it cannot be
	Order string // "ascending", "descending" or ""
	Num   bool   // the column holds numbers
}

// constructors make components inside templates.
var constructors = map[string]any{
	"notice": func(tone Tone, text string) Notice { return Notice{Tone: tone, Text: text} },
	"tag":    func(tone Tone, word string) Tag { return Tag{tone, word} },
	"empty":  func(title, text string) Empty { return Empty{Title: title, Text: text} },
	"link":   func(href, label string) Link { return Link{Href: href, Label: label} },
	"sorted": func(label, href, order string) Sort { return Sort{Label: label, Href: href, Order: order} },
	"column": func(label string) Sort { return Sort{Label: label} },
	"digits": func(label string) Sort { return Sort{Label: label, Num: true} },
	"facts":  facts,
}

// facts makes a definition list of label, value, label, value …; a value that shows nothing is
// left out with its label.
func facts(pairs ...any) ([]Fact, error) {
	if len(pairs)%2 != 0 {
		return nil, errOddPairs
	}
	var out []Fact
	for i := 0; i < len(pairs); i += 2 {
		label, ok := pairs[i].(string)
		if !ok {
			return nil, errOddPairs
		}
		switch v := pairs[i+1].(type) {
		case string:
			if v == "" {
				continue
			}
		case Link:
			if v.Label == "" {
				continue
			}
		case Tag:
			if v.Word == "" {
				continue
			}
		case nil:
			continue
		}
		out = append(out, Fact{label, pairs[i+1]})
	}
	return out, nil
}
