package paper_test

import (
	"fmt"
	"strings"
	"testing"

	"bangvang/internal/base/paper"
)

// Wherever the page ends, a heading stays with two lines of what it is over, and no line of a
// paragraph stands alone on a page.
func TestHeadingsAndSingleLinesAreNotLeftAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	moved := 0
	for step := range 72 {
		// A heading of the first level has two points more above it than a paragraph: so the long
		// paragraph begins two points lower with each step.
		before, headings := 17+step/12, step%12
		d := sittingReport()
		d.Body = nil
		for i := range before {
			if i < headings {
				d.Body = append(d.Body, paper.Heading{Level: 1, Title: fmt.Sprintf("Phần %d", i)})
			} else {
				d.Body = append(d.Body, paper.Paragraph{Text: paper.Text(fmt.Sprintf("Đoạn ngắn %d.", i))})
			}
		}
		var long strings.Builder
		for i := range 70 {
			fmt.Fprintf(&long, "chữ%03d ", i)
		}
		d.Body = append(d.Body, paper.Heading{Level: 2, Title: "Đề mục"}, paper.Paragraph{Text: paper.Text(long.String())}, paper.Paragraph{Text: paper.Text("Hết")})
		path := fmt.Sprintf("%s/%d.pdf", dir, step)
		write(t, path, d, paper.WritePDF)

		headingOn := -1
		linesOn := map[int]map[string]bool{} // page → heights at which words of the long paragraph stand
		first := -1
		for i, s := range sheets(t, path) {
			for _, w := range s.Words {
				if w.Text == "mục" {
					headingOn = i
				}
				if strings.HasPrefix(w.Text, "chữ") {
					if first < 0 {
						first = i
					}
					if linesOn[i] == nil {
						linesOn[i] = map[string]bool{}
					}
					linesOn[i][fmt.Sprintf("%.0f", w.Bottom)] = true
				}
			}
		}
		if headingOn != first {
			t.Errorf("at step %d the heading stands on page %d, its text begins on page %d", step, headingOn+1, first+1)
		}
		for page, lines := range linesOn {
			if len(lines) < 2 {
				t.Errorf("at step %d a line stands alone on page %d", step, page+1)
			}
		}
		if len(linesOn) > 1 {
			moved++
		}
	}
	if moved < 10 {
		t.Errorf("the paragraph was parted %d times only; the test proves little", moved)
	}
}
