package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"bangvang/internal/app"
	"bangvang/internal/base/access"
	"bangvang/internal/people"
)

func user(ctx context.Context, args []string) error { return peopleCommand(ctx, "user", args) }

func token(ctx context.Context, args []string) error { return peopleCommand(ctx, "token", args) }

// verbs are the words that may follow a group of commands that package people offers.
func verbs(group string) (names []string) {
	for _, c := range people.Commands() {
		if verb, ok := strings.CutPrefix(c.Name, group+" "); ok {
			names = append(names, verb)
		}
	}
	return names
}

// peopleCommand runs one of the commands that package people offers, as whoever holds the console.
func peopleCommand(ctx context.Context, group string, args []string) error {
	if asksHelp(args) {
		fmt.Printf("%s: what it can do; each explains itself with --help\n\n", group)
		for _, c := range people.Commands() {
			if strings.HasPrefix(c.Name, group+" ") {
				fmt.Printf("  bangvang %-20s %s\n", c.Name, c.Usage)
			}
		}
		return nil
	}
	for _, c := range people.Commands() {
		if len(args) > 0 && c.Name == group+" "+args[0] {
			return runPeople(ctx, c, args[1:])
		}
	}
	return usagef("%s what? %s", group, strings.Join(verbs(group), ", "))
}

func runPeople(ctx context.Context, c people.Command, args []string) error {
	cfg, rest, err := settings(c.Name, args, c.Flags)
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
