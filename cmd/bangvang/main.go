// Command bangvang runs the exam section of a provincial education department: see README.md.
//
// One file per command; this one finds the command and turns its error into an exit status:
// 0 done, 1 refused or failed, 2 used wrongly.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// version is stamped by the build (Makefile).
var version = "dev"

// A command is one verb of the command line.
type command struct {
	name  string
	line  string // for the list of commands
	usage string // the arguments
	run   func(ctx context.Context, args []string) error
}

// errUsage marks an error as wrong use: exit status 2.
var errUsage = errors.New("usage")

func commands() []command {
	return []command{
		{"demo", "start a complete example province", "[--addr 127.0.0.1:8080] [--data DIR] [--at TIME]", demo},
		{"serve", "run an installation", "[--config FILE] [--data DIR] [--database URL] [--addr ADDR] [--office-addr ADDR] [--plane all|public|office]", serve},
		{"doctor", "tell what is wrong with an installation and how to mend it", "[--config FILE] [--data DIR]", doctor},
		{"backup", "save everything into one file, while running", "[--data DIR] FILE", backup},
		{"restore", "fill an empty installation from a backup", "[--data DIR] FILE", restore},
		{"migrate", "copy an installation to another database", "[--data DIR] --to URL", migrate},
		{"verify", "prove that the audit log and the stored files are whole", "[--data DIR] audit|files|all", verify},
		{"export", "write the static mirror of the public pages", "site [--data DIR] DIR", export},
		{"user", "make accounts and reset links", "create|list|reset [--data DIR] --username NAME", user},
		{"token", "make bearer tokens for the machine interface", "create|list|revoke [--data DIR] --username NAME [--scope a,b]", token},
		{"config", "print a settings file with every setting explained", "", printConfig},
		{"version", "print the version", "", printVersion},
	}
}

func main() {
	os.Exit(realMain(os.Args[1:]))
}

func realMain(args []string) int {
	if status, ok := child(args); ok {
		return status
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(args) == 0 {
		help(os.Stderr)
		return 2
	}
	if asksHelp(args) {
		help(os.Stdout)
		return 0
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return status(c, c.run(ctx, args[1:]))
		}
	}
	fmt.Fprintf(os.Stderr, "bangvang: there is no command %q; bangvang help lists them\n", args[0])
	return 2
}

// status prints an error in one line that says what to do, and gives the exit status.
func status(c command, err error) int {
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, context.Canceled):
		return 1
	}
	line := oneLine(err.Error())
	if errors.Is(err, errUsage) {
		fmt.Fprintf(os.Stderr, "bangvang %s: %s (bangvang %s %s)\n", c.name, strings.TrimPrefix(line, "usage: "), c.name, c.usage)
		return 2
	}
	fmt.Fprintf(os.Stderr, "bangvang %s: %s\n", c.name, line)
	return 1
}

// oneLine folds an error of several lines, as those of a database driver are.
func oneLine(text string) string {
	var lines []string
	for l := range strings.Lines(text) {
		if l = strings.TrimSpace(l); l != "" {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, "; ")
}

// asksHelp tells whether arguments begin with the question for help.
func asksHelp(args []string) bool {
	return len(args) > 0 && (args[0] == "help" || args[0] == "--help" || args[0] == "-help" || args[0] == "-h")
}

func help(w io.Writer) {
	fmt.Fprintf(w, "bangvang %s: the exam section of a provincial education department\n\nCommands:\n", version)
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-8s %s\n", c.name, c.line)
	}
	fmt.Fprint(w, "\nbangvang COMMAND --help explains one. First steps: bangvang demo\n")
}

// usagef makes an error of wrong use.
func usagef(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errUsage, fmt.Sprintf(format, args...))
}

func printVersion(context.Context, []string) error {
	fmt.Println("bangvang", version)
	return nil
}
