// Package rehearse replays a whole exam on a copy of an installation (diễn tập), with simulated exam
// sites and a simulated Council, and ends with a pass sheet that a director can sign.
//
// The original is opened for reading only; what is copied is named table by table in copy.go, without
// people, telephone numbers, accounts and what was reported. The copy is a whole installation in a
// temporary folder, served on the loopback address by the same program: its timers, deadlines, call
// sheets, receipts and permissions are the real ones, only its clock is moved. Sites report through the
// real door of the machine interface, each with a token of its own; what has no door there (the
// telephone, the Council's desk) goes through the verbs as accounts with the real roles.
//
// Nothing leaves the machine: the copy has no account, address, token or setting of the installation,
// its files are a folder of its own, it listens on 127.0.0.1 only, and the one channel that calls out,
// mail, has no server in its settings (a test notices when another channel comes).
//
// What really happened is known here and nowhere else: the simulation draws it before anything is
// reported, and judge.go compares it with what the copy says in the end. Nobody's random numbers but
// the seed's are used, so the same seed on the same installation at full speed ends in the same way.
//
// Start reading at [Run], then play.go (who does what when) and judge.go (what must be so).
//
// Source: peers-operations.md, "Ten things", 7; architecture.md §4 (clock); domain.md 2.3–2.5, 3.5–3.7, 6.5.
package rehearse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"bangvang/internal/app"
	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/config"
)

// Options say what is rehearsed, and how.
type Options struct {
	Original config.Config // where the installation is; only read
	Program  string        // version of this program
	Year     int           // of the exam; 0: the current one
	Round    int           // its number; 0: the first with sittings
	Sites    int           // how many take part; 0: the installation's own. More than it has are invented
	Speed    float64       // how many seconds of the exam pass in one; 0: as fast as the machine can
	Seed     uint64        // of everything random
	Keep     bool          // leave the copy where it is
	Progress io.Writer     // nil: none

	// beforeJudging is for tests that make a rehearsal fail.
	beforeJudging func(context.Context, *app.App) error
}

// program gives a context in which the rehearsal sets up what an administrator does by hand.
func program(ctx context.Context) context.Context { return access.System(ctx, "Diễn tập") }

// Run rehearses and gives the sheet, also when ctx ended before the rehearsal did: then it says so. The
// error says why there is no sheet; that a check failed is no error.
func Run(ctx context.Context, o Options) (Sheet, error) {
	began := time.Now()
	dir, err := os.MkdirTemp("", "bangvang-dien-tap-")
	if err != nil {
		return Sheet{}, err
	}
	if !o.Keep {
		defer os.RemoveAll(dir)
	}
	from, err := copyInstallation(ctx, o, dir)
	if err != nil {
		return Sheet{}, err
	}
	clk := clock.At(clock.FromMillis(from.starts))
	s, err := app.NewServer(ctx, copyConfig(dir), o.Program, app.Options{Clock: clk, Paced: true})
	if err != nil {
		return Sheet{}, err
	}
	// The copy is judged after ctx has ended, too.
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var sheet Sheet
	var failed error
	err = s.Run(serving, func(context.Context, *app.App) error { return nil }, func(address string) {
		sheet, failed = perform(ctx, o, s.App(), clk, "http://"+address, from)
		stop()
	})
	if err := errors.Join(failed, err); err != nil {
		if o.Keep {
			err = fmt.Errorf("%w (the copy is in %s)", err, dir)
		}
		return Sheet{}, err
	}
	sheet.Began, sheet.Took = began, time.Since(began)
	if o.Keep {
		sheet.Copy = dir
	}
	return sheet, nil
}

// perform sets the stage, plays and judges.
func perform(ctx context.Context, o Options, a *app.App, clk *clock.Clock, address string, from original) (Sheet, error) {
	p, err := prepare(ctx, o, a, clk, address, from)
	if err != nil {
		return Sheet{}, err
	}
	interrupted := false
	if err := p.play(ctx); err != nil {
		if ctx.Err() == nil {
			return Sheet{}, fmt.Errorf("at %s: %w", clock.Local(clk.Now()).Format("02/01 15:04"), err)
		}
		interrupted = true
	}
	judging := context.WithoutCancel(ctx)
	if o.beforeJudging != nil {
		if err := o.beforeJudging(judging, a); err != nil {
			return Sheet{}, err
		}
	}
	return p.judge(judging, interrupted)
}

// copyConfig says where the copy is: all of it in a folder of its own, on the loopback address. It is
// written here whole and takes nothing from the installation's settings: without smtp there is no mail.
func copyConfig(dir string) config.Config {
	return config.Config{
		Data: dir, Database: "sqlite:" + filepath.Join(dir, "bangvang.db"), Files: filepath.Join(dir, "files"), Secret: filepath.Join(dir, "secret"),
		Addr: "127.0.0.1:0", Plane: "office", BaseURL: "http://127.0.0.1", OfficeURL: "http://127.0.0.1", MaxUpload: 1, Workers: 1, Log: "text",
	}
}
