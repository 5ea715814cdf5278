package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"bangvang/internal/app"
	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	demonstration "bangvang/internal/demo"
	"bangvang/internal/people"
	"bangvang/internal/people/credential"
)

// runDemo starts the demonstration province and prints one line "ready http://ADDR" on standard
// output once requests are answered (architecture §8).
func runDemo(ctx context.Context, args []string) error {
	var at string
	c, rest, err := settings("demo", args, func(f *flag.FlagSet) {
		f.StringVar(&at, "at", "", "`time` at which the clock starts, 2021-07-07T07:30, to see the exam days; the machine's own otherwise")
	})
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return usagef("%q is no flag", rest[0])
	}
	clk := clock.System()
	if at != "" {
		t, err := time.ParseInLocation("2006-01-02T15:04", at, clock.Zone)
		if err != nil {
			return usagef("--at is %q: give a time such as 2021-07-07T07:30", at)
		}
		clk = clock.Starting(t)
	}
	logTo(c)
	release, err := hold(c)
	if err != nil {
		return err
	}
	defer release()
	if err := demonstration.Admit(ctx, c); err != nil {
		return err
	}
	s, err := app.NewServer(ctx, c, version, app.Options{Clock: clk, Factors: noSecondFactor(), Cost: cheap})
	if err != nil {
		return err
	}
	fill := func(ctx context.Context, a *app.App) error { return demonstration.Fill(ctx, a, c.Data) }
	return s.Run(ctx, fill, func(address string) {
		fmt.Fprintf(os.Stderr, "log in at http://%s/quan-tri/ with an account of %s\n", address, filepath.Join(c.Data, demonstration.AccountsFile))
		fmt.Printf("ready http://%s\n", address)
	})
}

// cheap is what a password check costs in the demonstration: its passwords are random and written
// down beside it, and twenty of them are made at the start.
var cheap = credential.Cost{MemoryKiB: 8 << 10, Passes: 1, Lanes: 1}

// noSecondFactor lets the demonstration's accounts in by their password alone: they are written
// down beside it anyway.
func noSecondFactor() map[access.Role]people.Factor {
	none := map[access.Role]people.Factor{}
	for _, r := range people.Roles() {
		none[r.Role] = people.NoFactor
	}
	return none
}

// demo is runDemo on the folder given, or on one that goes with it.
func demo(ctx context.Context, args []string) error {
	for _, a := range args {
		if a == "--data" || a == "-data" || len(a) > 7 && a[:7] == "--data=" {
			return runDemo(ctx, args)
		}
	}
	dir, err := os.MkdirTemp("", "bangvang-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	return runDemo(ctx, append([]string{"--data", dir}, args...))
}
