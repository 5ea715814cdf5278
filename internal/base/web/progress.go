package web

import (
	"strings"

	"bangvang/internal/base/web/ui"
)

type progressData struct {
	Title    string
	Progress ui.Progress
	Path     string
}

var progressPage = ui.New[progressData](pages, "pages/progress.html")

type progressDoc struct {
	Done  int64  `json:"done"`
	Total int64  `json:"total"`
	Text  string `json:"text"`
	Next  string `json:"next,omitempty"`
}

// Progress answers for long work that runs as a job: a page with its progress, which a script keeps
// fresh and a button does without one. The reader may leave it and come back. When the work is over,
// next names the path with its result, and the reader is led there.
func (c *Ctx) Progress(title string, p ui.Progress, next string) error {
	if strings.Contains(c.R.Header.Get("Accept"), "application/json") {
		return c.JSON(progressDoc{p.Done, p.Total, p.Words(), next})
	}
	if next != "" {
		return c.See(next, "")
	}
	return c.Render(progressPage.With(progressData{title, p, c.R.URL.Path}))
}
