package app

import (
	"bangvang/internal/base/clock"
	"bangvang/internal/base/privacy"
)

// personal looks for what may be personal data in a document's text and tables, and says what it saw
// without repeating it (P-16).
func (a *App) personal(text string, tables [][][]string) []string {
	var grids []privacy.Table
	for _, rows := range tables {
		grids = append(grids, privacy.Table{Rows: rows})
	}
	var said []string
	for _, f := range privacy.Scan(a.year(), []string{text}, grids) {
		said = append(said, f.String())
	}
	return said
}

// year is the Vietnamese calendar year of now: ages are judged by it.
func (a *App) year() int { return a.Clock.Now().In(clock.Zone).Year() }
