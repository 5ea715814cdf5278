package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"strings"

	rehearsal "bangvang/internal/rehearse"
)

// rehearse replays an exam on a copy and writes the pass sheet. It is done only when everything passed.
func rehearse(ctx context.Context, args []string) error {
	var o rehearsal.Options
	var speed, out, post, signer string
	var number int
	c, rest, err := settings("rehearse", args, func(f *flag.FlagSet) {
		f.IntVar(&o.Year, "exam", 0, "`year` of the exam; the current one otherwise")
		f.IntVar(&o.Round, "round", 0, "`number` of the round; the first otherwise")
		f.IntVar(&o.Sites, "sites", 0, "how `many` sites take part; the installation's own otherwise, more are invented")
		f.StringVar(&speed, "speed", "max", "`times` as fast as the day, nights passed over; max: as fast as it can")
		f.Uint64Var(&o.Seed, "seed", 1, "`number` from which everything random follows")
		f.StringVar(&out, "out", "dien-tap", "`folder` for the pass sheet (HTML, PDF, DOCX, JSON)")
		f.IntVar(&number, "number", 0, "`number` the clerk gave the sheet; it is a draft without")
		f.StringVar(&post, "post", "Giám đốc", "`post` of who signs")
		f.StringVar(&signer, "signer", "", "`name` of who signs")
		f.BoolVar(&o.Keep, "keep", false, "leave the copy in its folder")
	})
	if err != nil {
		return err
	}
	switch {
	case len(rest) > 0:
		return usagef("%q is no flag", rest[0])
	case o.Sites < 0 || o.Sites > 10_000:
		return usagef("--sites is %d: give 1 to 10000", o.Sites)
	case number < 0:
		return usagef("--number is %d: give the number of the paper", number)
	}
	if speed != "max" {
		if o.Speed, err = strconv.ParseFloat(speed, 64); err != nil || !(o.Speed >= 1 && o.Speed <= 100_000) {
			return usagef("--speed is %q: give max, or a number from 1 to 100000", speed)
		}
	}
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	o.Original, o.Program, o.Progress = c, version, os.Stderr
	sheet, err := rehearsal.Run(ctx, o)
	if err != nil {
		return err
	}
	files, err := sheet.Write(out, number, post, signer)
	if err != nil {
		return err
	}
	for _, f := range files {
		fmt.Println(f)
	}
	if sheet.Copy != "" {
		fmt.Fprintf(os.Stderr, "the copy is kept in %s\n", sheet.Copy)
	}
	switch failed := sheet.Failed(); {
	case sheet.Interrupted:
		return errors.New("the rehearsal was interrupted; the sheet says so: rehearse again from the beginning")
	case len(failed) > 0:
		var names []string
		for _, f := range failed {
			names = append(names, f.Name)
		}
		return fmt.Errorf("%d checks failed: %s; the sheet says what was not as it must be", len(failed), strings.Join(names, "; "))
	}
	fmt.Fprintf(os.Stderr, "passed: %d checks\n", len(sheet.Checks))
	return nil
}
