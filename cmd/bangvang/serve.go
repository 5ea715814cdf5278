package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"bangvang/internal/app"
	"bangvang/internal/base/config"
	"bangvang/internal/base/inspect"
	"bangvang/internal/people"
)

// child runs the hidden command that looks into one uploaded file in a process of its own.
func child(args []string) (status int, ok bool) {
	if len(args) > 0 && args[0] == inspect.Command {
		return inspect.Child(args[1:]), true
	}
	return 0, false
}

// serve runs an installation until it is told to stop.
func serve(ctx context.Context, args []string) error {
	c, rest, err := settings("serve", args, nil)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usagef("%q is no flag", rest[0])
	}
	logTo(c)
	release, err := hold(c)
	if err != nil {
		return err
	}
	defer release()
	s, err := app.NewServer(ctx, c, version, app.Options{})
	if err != nil {
		return err
	}
	return s.Run(ctx, firstAdmin, func(address string) {
		slog.Info("serving", "address", address, "base_url", c.BaseURL, "office_url", c.OfficeURL, "plane", c.Plane, "version", version)
	})
}

// firstAdmin prints the one-time link that makes the first administrator, while there is none.
func firstAdmin(ctx context.Context, a *app.App) error {
	token, err := a.People.FirstAdminLink(ctx)
	if err != nil || token == "" {
		return err
	}
	fmt.Fprintf(os.Stderr, "\nThere is no administrator yet. Open this link within a day to make the first one (it works once):\n\n  %s%s\n\n",
		a.Config.OfficeURL, people.FirstAdminPath(token))
	return nil
}

func logTo(c config.Config) {
	options := &slog.HandlerOptions{Level: slog.LevelInfo}
	var h slog.Handler = slog.NewTextHandler(os.Stderr, options)
	if c.Log == "json" {
		h = slog.NewJSONHandler(os.Stderr, options)
	}
	slog.SetDefault(slog.New(h))
}

// hold keeps a second process from serving the same SQLite installation: it would take this one's
// running jobs for abandoned ones. The lock goes with the process, however it ends.
func hold(c config.Config) (release func(), err error) {
	if _, lite := sqlitePath(c); !lite || c.Plane == "public" {
		return func() {}, nil
	}
	if err := os.MkdirAll(c.Data, 0o750); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(c.Data, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lock(f); err != nil {
		f.Close()
		return nil, fmt.Errorf("another bangvang serves %s already: stop it first, or give another folder with --data", c.Data)
	}
	return func() { f.Close() }, nil
}
