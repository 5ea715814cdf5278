package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"bangvang/internal/app"
)

// AccountsFile lists the demonstration's accounts in its folder.
const AccountsFile = "accounts.json"

// Fill makes the demonstration province in an empty installation and writes its accounts to
// dir/accounts.json. One that was filled before is left as it is; one whose filling was cut off is
// emptied and filled anew. An installation of somebody's own is refused.
func Fill(ctx context.Context, a *app.App, dir string) error {
	path := filepath.Join(dir, AccountsFile)
	if fill, err := begin(ctx, a.DB, path); err != nil || !fill {
		return err
	}
	units, err := fillPeople(ctx, a.People)
	if err != nil {
		return fmt.Errorf("demonstration: %w", err)
	}
	site, err := fillExams(ctx, a.Exam, units)
	if err != nil {
		return fmt.Errorf("demonstration: %w", err)
	}
	accounts, err := fillAccounts(ctx, a.People, units, site)
	if err != nil {
		return fmt.Errorf("demonstration: %w", err)
	}
	if err := fillDocuments(ctx, a); err != nil {
		return fmt.Errorf("demonstration: %w", err)
	}
	if err := fillReports(ctx, a); err != nil {
		return fmt.Errorf("demonstration: %w", err)
	}
	if err := fillMinistry(ctx, a); err != nil {
		return fmt.Errorf("demonstration: %w", err)
	}
	if err := fillReadiness(ctx, a); err != nil {
		return fmt.Errorf("demonstration: %w", err)
	}
	if err := fillSettings(ctx, a); err != nil {
		return fmt.Errorf("demonstration: %w", err)
	}
	list, err := json.MarshalIndent(accounts, "", " ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, append(list, '\n'), 0o600); err != nil {
		return err
	}
	return finish(ctx, a.DB)
}

// fillSettings says on every page that this is a demonstration.
func fillSettings(ctx context.Context, a *app.App) error {
	ctx = program(ctx)
	s, err := a.Portal.Settings(ctx)
	if err != nil {
		return err
	}
	s.Invented, s.Security = Invented, "vp.sogddt@laichau.gov.vn"
	return a.Portal.SaveSettings(ctx, s)
}
