package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"

	"bangvang/internal/app"
	"bangvang/internal/base/access"
	"bangvang/internal/people"
)

func user(ctx context.Context, args []string) error { return peopleCommand(ctx, "user", args) }

func token(ctx context.Context, args []string) error { return peopleCommand(ctx, "token", args) }

// peopleCommand runs one of the commands that package people offers, as whoever holds the console.
func peopleCommand(ctx context.Context, group string, args []string) error {
	all := people.Commands()
	var names []string
	for _, c := range all {
		verb, ok := strings.CutPrefix(c.Name, group+" ")
		if !ok {
			continue
		}
		names = append(names, verb)
		if asksHelp(args) {
			fmt.Printf("  %-20s %s\n", c.Name, c.Usage)
		}
		if len(args) == 0 || args[0] != verb {
			continue
		}
		cfg, rest, err := settings(c.Name, args[1:], func(f *flag.FlagSet) {
			if c.Flags != nil {
				c.Flags(f)
			}
		})
		if err != nil {
			return err
		}
		if len(rest) > 0 {
			return usagef("%q is no flag", rest[0])
		}
		d, err := existing(ctx, cfg)
		if err != nil {
			return err
		}
		defer d.Close()
		service, err := app.PeopleOnly(ctx, cfg, d, c.NewSecret)
		if err != nil {
			return err
		}
		return c.Run(access.System(ctx, "Dòng lệnh"), service, os.Stdin, os.Stdout)
	}
	if asksHelp(args) {
		return nil
	}
	return usagef("%s what? %s", group, strings.Join(names, ", "))
}
