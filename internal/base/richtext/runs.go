package richtext

import (
	"net/url"
	"slices"
	"strings"
	"unicode"

	"bangvang/internal/base/text"
)

// tidyRuns gives runs in their one form: clean text in NFC, single spaces, none at the ends nor
// beside a break, no empty run, equal neighbours joined, no break first, last or twice.
func tidyRuns(runs []Run) []Run {
	for {
		next := tidyOnce(runs)
		if slices.Equal(next, runs) {
			return next
		}
		runs = next
	}
}

func tidyOnce(runs []Run) []Run {
	var out []Run
	var words strings.Builder // of the last run, which grows piece by piece
	end := func() {
		if words.Len() > 0 {
			out[len(out)-1].Text = text.NFC(words.String())
			words.Reset()
		}
	}
	space := true // a space here would be at the beginning or the second one
	for _, r := range runs {
		if r.Break {
			end()
			out = trimEnd(out)
			if len(out) > 0 && !out[len(out)-1].Break {
				out = append(out, Run{Break: true})
			}
			space = true
			continue
		}
		r.Text, space = tidyText(r.Text, space)
		if r.Text == "" {
			continue
		}
		r.Href = safeHref(r.Href)
		r.Sub = r.Sub && !r.Sup
		r.Underline = r.Underline && r.Href == "" // links are underlined already
		var last *Run
		if len(out) > 0 && !out[len(out)-1].Break {
			last = &out[len(out)-1]
		}
		if last != nil && r.Text == " " { // how a space is set nobody sees
			r.Marks = last.Marks
			if r.Href != last.Href {
				r.Href = ""
			}
		}
		if last == nil || last.Marks != r.Marks || last.Href != r.Href {
			end()
			out = append(out, r)
		}
		words.WriteString(r.Text)
	}
	end()
	out = trimEnd(out)
	for len(out) > 0 && out[len(out)-1].Break {
		out = trimEnd(out[:len(out)-1])
	}
	return out
}

func trimEnd(runs []Run) []Run {
	for len(runs) > 0 && !runs[len(runs)-1].Break {
		last := &runs[len(runs)-1]
		if last.Text = strings.TrimRight(last.Text, " "); last.Text != "" {
			break
		}
		runs = runs[:len(runs)-1]
	}
	return runs
}

// tidyText cleans the text of one run; space tells whether a space before it is too much, and
// afterwards whether it ends in one.
func tidyText(s string, space bool) (string, bool) {
	var b strings.Builder
	for _, r := range text.NFC(s) {
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Z, r):
			if !space {
				b.WriteByte(' ')
			}
			space = true
		case unicode.Is(unicode.C, r), r == unicode.ReplacementChar:
		default:
			b.WriteRune(r)
			space = false
		}
	}
	return text.NFC(b.String()), space
}

// safeHref gives an address that may stand in a link, or "": the web, mail, telephone, or a path of
// ours. Links inside the source document are dropped with its anchors; links through a search
// engine's counter are straightened.
func safeHref(href string) string {
	href = strings.Map(func(r rune) rune {
		if r <= ' ' || unicode.Is(unicode.C, r) {
			return -1
		}
		return r
	}, href)
	if href == "" || len(href) > 2000 || strings.Contains(href, `\`) || strings.HasPrefix(href, "//") {
		return ""
	}
	u, err := url.Parse(href)
	if err != nil || u.User != nil {
		return ""
	}
	if u.Path == "/url" && strings.HasSuffix(u.Host, "google.com") {
		if q := u.Query().Get("q"); strings.HasPrefix(q, "http") {
			return safeHref(q)
		}
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		if u.Host == "" {
			return ""
		}
	case "mailto", "tel":
		if u.Opaque == "" {
			return ""
		}
	case "":
		if !strings.HasPrefix(href, "/") || u.Host != "" {
			return ""
		}
	default:
		return ""
	}
	out := u.String()
	if again, err := url.Parse(out); err != nil || again.String() != out || again.Scheme != u.Scheme || strings.ContainsAny(out, "\"<>`{}|^\\") {
		return ""
	}
	return out
}

// allBold tells whether every letter of runs is bold.
func allBold(runs []Run) bool {
	for _, r := range runs {
		if !r.Break && !r.Bold && strings.TrimSpace(r.Text) != "" {
			return false
		}
	}
	return len(runs) > 0
}

// unbold takes the bold off where everything has it, as in headings.
func unbold(runs []Run) []Run {
	if !allBold(runs) {
		return runs
	}
	for i := range runs {
		runs[i].Bold = false
	}
	return tidyRuns(runs)
}
