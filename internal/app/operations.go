package app

import (
	"context"
	"embed"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/jobs"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/documents"
	"bangvang/internal/exam"
	"bangvang/internal/ministry"
	"bangvang/internal/people"
	"bangvang/internal/portal"
	"bangvang/internal/readiness"
	"bangvang/internal/reports"
)

//go:embed pages/*.html
var pages embed.FS

// ActOperate is looking after the program: background work, drawing the public pages anew.
const ActOperate access.Action = "system.operate"

// operationRules is the part of the permission table that belongs to no capability.
func operationRules() []access.Rule {
	return []access.Rule{{
		Action: ActOperate, Title: "Vận hành: việc nền, dựng lại trang công khai", Source: "domain.md 2.4: users, roles, settings",
		Roles: map[access.Role]access.Level{people.RoleAdmin: access.All},
	}}
}

// Words are those of the log, of every capability.
func Words() audit.Dictionary {
	return audit.Dictionary{
		"people": people.Words(), "exam": exam.Words(), "document": documents.Words(), "report": reports.Words(), "readiness": readiness.Words(), "ministry": ministry.Words(), "portal": portal.Words(),
		"system": {
			Title:   "Vận hành",
			Actions: map[string]string{"system.retry": "Chạy lại việc nền", "system.redraw": "Dựng lại trang công khai"},
			Kinds:   map[string]string{"job": "Việc nền", "site": "Trang công khai"},
		},
	}
}

const jobsPath = "/quan-tri/viec-nen"

var jobsPage = ui.New[jobsData](pages, "pages/viec-nen.html")

type jobsData struct {
	Form ui.Form
	Jobs []jobRow
}

type jobRow struct {
	jobs.Job
	Tag     ui.Tag
	LastMsg string
}

// registerOperations puts the operator's pages on the office.
func (a *App) registerOperations(o *web.Office) {
	o.GET(jobsPath, ActOperate, a.showJobs)
	o.POST(jobsPath+"/{id}/chay-lai", ActOperate, a.retryJob)
	o.POST("/quan-tri/dung-lai-trang", ActOperate, a.redraw)
}

// mostJobs is how many the page shows; those that failed for good come first.
const mostJobs = 200

func (a *App) showJobs(c *web.Ctx) error {
	list, err := jobs.List(c.Context(), a.DB.Read(), mostJobs)
	if err != nil {
		return err
	}
	data := jobsData{Form: c.NewForm(nil, 0)}
	for _, j := range list {
		data.Jobs = append(data.Jobs, jobRow{j, stateTag(j), text.Excerpt(j.LastError, 300)})
	}
	return c.Render(jobsPage.With(data))
}

func stateTag(j jobs.Job) ui.Tag {
	switch {
	case j.State == "failed":
		return ui.Tag{Tone: ui.Bad, Word: "Đã hỏng"}
	case j.State == "running":
		return ui.Tag{Tone: ui.Info, Word: "Đang chạy"}
	case j.Attempts > 0:
		return ui.Tag{Tone: ui.Warn, Word: "Sẽ thử lại"}
	}
	return ui.Tag{Word: "Đang chờ"}
}

func (a *App) retryJob(c *web.Ctx) error {
	ctx, err := a.Policy.Enter(c.Context(), ActOperate, access.Place{})
	if err != nil {
		return err
	}
	id := c.Path("id")
	err = a.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := jobs.Retry(ctx, tx, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "system.retry", Kind: "job", ID: id, Label: "Chạy lại việc nền"})
	})
	if err != nil {
		return err
	}
	return c.See(jobsPath, "Việc đã được xếp chạy lại.")
}

// redraw has every public page drawn anew.
func (a *App) redraw(c *web.Ctx) error {
	ctx, err := a.Policy.Enter(c.Context(), ActOperate, access.Place{})
	if err != nil {
		return err
	}
	err = a.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := a.Publisher.TouchAll(ctx, tx); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "system.redraw", Kind: "site", ID: "1", Label: "Dựng lại trang công khai"})
	})
	if err != nil {
		return err
	}
	return c.See(jobsPath, "Các trang công khai đang được dựng lại.")
}
