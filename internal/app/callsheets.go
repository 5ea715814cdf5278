package app

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/reports/reportsweb"
)

// SheetsDir is the folder under the data folder in which call sheets lie ready, for when the program is
// down at the hour it is needed.
const SheetsDir = "danh-sach-goi"

// sheetPause is how often is looked whether a sheet changed; what is written follows from the clock and
// the database alone, so a restart forgets nothing and every node has its own.
const sheetPause = 5 * time.Second

// keepSheets writes the call sheets that may be needed now, each when it changed.
func (a *App) keepSheets(ctx context.Context) {
	ctx = access.System(ctx, "Hệ thống (danh sách gọi)")
	written := map[string][sha256.Size]byte{}
	for {
		if err := a.WriteSheets(ctx, filepath.Join(a.Config.Data, SheetsDir), written); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "write call sheets", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(sheetPause):
		}
	}
}

// WriteSheets writes the call sheets that may be needed now into dir, those that differ from what was
// written: a name in written has what its file said. The files hold telephone numbers (class internal) and
// are readable to the program's user alone.
func (a *App) WriteSheets(ctx context.Context, dir string, written map[string][sha256.Size]byte) error {
	pages := &reportsweb.Pages{Reports: a.Reports, Policy: a.Policy, Clock: a.Clock}
	sheets, err := pages.SheetsNow(ctx)
	if err != nil {
		return err
	}
	for _, s := range sheets {
		name := reportsweb.SheetName(s)
		made := s.Now
		s.Now = 0 // when it was made is no change
		same, err := reportsweb.DrawSheet(s)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(same)
		if written[name] == sum {
			continue
		}
		s.Now = made
		body, err := reportsweb.DrawSheet(s)
		if err != nil {
			return err
		}
		if err := writeWhole(filepath.Join(dir, name), body); err != nil {
			return err
		}
		written[name] = sum
	}
	return nil
}

// writeWhole replaces a file at once: who opens it has the old one or the new one, never half of one.
func writeWhole(path string, body []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	next := path + ".moi"
	if err := os.WriteFile(next, body, 0o600); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(next, path)
}
