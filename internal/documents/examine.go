package documents

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"path"
	"strings"
	"time"

	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/inspect"
	"bangvang/internal/base/jobs"
	"bangvang/internal/base/privacy"
	"bangvang/internal/base/text"
)

const examineJob = "documents.examine"

type examineOrder struct {
	File FileID `json:"file"`
}

// reservedSlugs are parts of a public address that are no file's and no document's.
var reservedSlugs = map[string]struct{}{"toan-van": {}, "thong-tin.json": {}, "trang": {}, "co-quan": {}, "loai": {}, "nam": {}, "linh-vuc": {}, holding: {}, lapsed: {}}

// examine looks into one uploaded file: what it is, its text, its first page, what a person should
// see before it is published. It may run twice.
//
// Source: issue 2 D ("typed by content not by name"); P-16; domain.md 5 (class never).
func (s *Service) examine(ctx context.Context, payload json.RawMessage) error {
	var order examineOrder
	if err := json.Unmarshal(payload, &order); err != nil {
		return err
	}
	f, err := readFile(ctx, s.DB.Read(), order.File)
	if err != nil || f.State != FileWaiting {
		return err
	}
	r, err := s.Files.Open(ctx, f.Hash)
	if err != nil {
		return fmt.Errorf("open file %s: %w", f.ID, err)
	}
	defer r.Close()
	report, err := s.Inspector.Inspect(ctx, f.Name, r)
	switch {
	case fault.Is(err, fault.Invalid) || fault.Is(err, fault.TooLarge):
		f.State, f.Problem = FileRefused, fault.Message(err)
	case err != nil:
		return fmt.Errorf("inspect file %s: %w", f.ID, err)
	case len(report.TextByPage) > 0 && markedSecret(report.TextByPage[0]):
		return s.refuseSecretFile(ctx, f)
	default:
		if err := s.describe(ctx, &f, report); err != nil {
			return err
		}
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		others, err := readFiles(ctx, tx, f.Document)
		if err != nil {
			return err
		}
		if f.State == FileGood {
			f.Slug = freeSlug(f, report.Type.Extension(), others)
		}
		return examined(ctx, tx, f)
	})
}

// describe puts what the report tells into the file.
func (s *Service) describe(ctx context.Context, f *File, r inspect.Report) error {
	f.State, f.Pages, f.Body, f.Warnings = FileGood, r.Pages, r.Text(), r.Warnings
	f.Media, f.Reading = r.Type.MIME(), r.Reading
	tables := make([]privacy.Table, len(r.Tables))
	for i, t := range r.Tables {
		tables[i] = privacy.Table{Name: t.Name, Rows: t.Rows}
	}
	f.Personal = s.scan(r.TextByPage, tables)
	if len(r.Preview) == 0 {
		return nil
	}
	ref, err := s.Files.Put(ctx, bytes.NewReader(r.Preview))
	f.Preview, f.PreviewSize = ref.Hash, ref.Size
	return err
}

// refuseSecretFile forgets everything of a file that bears the stamp of a secret paper: its bytes,
// its text, its name.
func (s *Service) refuseSecretFile(ctx context.Context, f File) error {
	slog.WarnContext(ctx, "file with a secrecy stamp refused", "file", f.ID, "document", f.Document)
	hash := f.Hash
	f.State, f.Problem, f.Name, f.Hash = FileRefused, whereSecretsBelong, "tệp đóng dấu mật (đã xóa)", ""
	err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return examined(ctx, tx, f) })
	if err != nil {
		return err
	}
	return s.Files.Delete(ctx, hash)
}

// freeSlug makes the file's part of the public address from its name and its real type.
func freeSlug(f File, extension string, others []File) string {
	base := text.Slug(strings.TrimSuffix(f.Name, path.Ext(f.Name)))
	if base == "" {
		base = "tep"
	}
	taken := map[string]bool{}
	for _, o := range others {
		taken[o.Slug] = o.ID != f.ID
	}
	for n := 1; ; n++ {
		slug := base + extension
		if n > 1 {
			slug = fmt.Sprintf("%s-%d%s", base, n, extension)
		}
		if _, reserved := reservedSlugs[slug]; !reserved && !taken[slug] {
			return slug
		}
	}
}

// Jobs names this capability's work to the runner.
func (s *Service) Jobs(r *jobs.Runner) {
	r.Handle(examineJob, s.examine)
	r.Every("documents.status", statusPeriod, s.RefreshStatuses)
	r.Every("documents.collect", time.Hour, func(ctx context.Context) error { return s.CollectImports(ctx, time.Now()) })
}
