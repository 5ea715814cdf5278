package inspect

import (
	"bangvang/internal/base/privacy"
	"bangvang/internal/base/richtext"
)

// tablesOf gives the tables of a text, inner ones after those they stand in, as rows of plain words.
func tablesOf(blocks []richtext.Block) (out []privacy.Table) {
	for _, b := range blocks {
		var table privacy.Table
		var inner []privacy.Table
		for _, row := range b.Rows {
			cells := make([]string, len(row))
			for i, c := range row {
				cells[i] = richtext.Doc{Blocks: c.Blocks}.Text()
				inner = append(inner, tablesOf(c.Blocks)...)
			}
			table.Rows = append(table.Rows, cells)
		}
		if b.Kind == richtext.Table {
			out = append(out, table)
		}
		out = append(out, inner...)
		for _, item := range b.Items {
			out = append(out, tablesOf(item.Blocks)...)
		}
		out = append(out, tablesOf(b.Blocks)...)
	}
	return out
}
