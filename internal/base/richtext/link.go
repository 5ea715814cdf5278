package richtext

import "slices"

// A Span is a stretch of a block's text that becomes a link.
type Span struct {
	Start, End int    // byte offsets in the text the finder was given
	Href       string // as [Run.Href]
}

// Linkify gives the Doc with links where find sees something to cite, such as "Chỉ thị số
// 08/CT-UBND". find is called with the text of every heading, paragraph and caption and gives
// spans in order; those that overlap one another or an existing link are left out. The Doc itself
// is not changed.
func (d Doc) Linkify(find func(text string) []Span) Doc {
	d.Blocks = linkBlocks(d.Blocks, find)
	return d
}

func linkBlocks(blocks []Block, find func(string) []Span) []Block {
	blocks = slices.Clone(blocks)
	for i := range blocks {
		b := &blocks[i]
		b.Runs = linkRuns(b.Runs, find)
		b.Caption = linkRuns(b.Caption, find)
		b.Items = slices.Clone(b.Items)
		for j := range b.Items {
			b.Items[j].Blocks = linkBlocks(b.Items[j].Blocks, find)
		}
		b.Rows = slices.Clone(b.Rows)
		for r := range b.Rows {
			b.Rows[r] = slices.Clone(b.Rows[r])
			for c := range b.Rows[r] {
				b.Rows[r][c].Blocks = linkBlocks(b.Rows[r][c].Blocks, find)
			}
		}
		b.Blocks = linkBlocks(b.Blocks, find)
	}
	return blocks
}

func linkRuns(runs []Run, find func(string) []Span) []Run {
	if len(runs) == 0 {
		return runs
	}
	words := plain(runs)
	last := 0
	for _, sp := range find(words) {
		href := safeHref(sp.Href)
		if sp.Start < last || sp.End <= sp.Start || sp.End > len(words) || href == "" || linked(runs, sp) {
			continue
		}
		last = sp.End
		runs = setHref(runs, sp, href)
	}
	return runs
}

// width is how many bytes of plain text a run stands for.
func (r Run) width() int {
	if r.Break {
		return 1
	}
	return len(r.Text)
}

func linked(runs []Run, sp Span) bool {
	at := 0
	for _, r := range runs {
		if end := at + r.width(); r.Href != "" && at < sp.End && sp.Start < end {
			return true
		}
		at += r.width()
	}
	return false
}

// setHref cuts runs at the span's ends and links what lies between.
func setHref(runs []Run, sp Span, href string) (out []Run) {
	at := 0
	for _, r := range runs {
		from, to := max(sp.Start-at, 0), min(sp.End-at, r.width())
		at += r.width()
		if r.Break || from >= to {
			out = append(out, r)
			continue
		}
		for i, part := range [...]string{r.Text[:from], r.Text[from:to], r.Text[to:]} {
			if part == "" {
				continue
			}
			piece := r
			piece.Text = part
			if i == 1 {
				piece.Href = href
			}
			out = append(out, piece)
		}
	}
	return out
}
