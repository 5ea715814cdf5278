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
	"slices"
	"strings"
	"syscall"

	"bangvang/internal/base/config"
	"bangvang/internal/people"
)

// version is stamped by the build (Makefile).
var version = "dev"

// A command is one verb of the command line.
type command struct {
	name  string
	line  string      // what it does, one sentence
	usage string      // its arguments
	args  [][2]string // each argument that is no flag, and what it is
	keys  []string    // the settings that matter to it
	run   func(ctx context.Context, args []string) error
}

// errUsage marks an error as wrong use: exit status 2.
var errUsage = errors.New("usage")

// place are the settings that say where an installation is.
var place = []string{"data", "database", "files", "secret"}

func commands() []command {
	return []command{
		{"demo", "start a complete example province", "[--addr 127.0.0.1:8080] [--data DIR] [--at TIME]", nil, []string{"data", "addr"}, demo},
		{"serve", "run an installation", "[--config FILE] [--data DIR] [--database URL] [--addr ADDR] [--office-addr ADDR] [--plane all|public|office]", nil,
			append([]string{"addr", "office-addr", "plane", "base-url", "tls-cert", "tls-key", "trusted-proxies"}, place...), serve},
		{"doctor", "tell what is wrong with an installation and how to mend it, changing nothing", "[--data DIR]", nil, append([]string{"base-url", "tls-cert", "tls-key"}, place...), doctor},
		{"backup", "save everything but the secret into one file, while running", "FILE [--data DIR]", [][2]string{{"FILE", "the file to write; it appears when it is whole"}}, place, backup},
		{"restore", "fill an empty installation from a backup", "FILE [--data DIR] [--files-only]", [][2]string{{"FILE", "the backup to read"}}, place, restore},
		{"migrate", "copy an installation's database to another, empty one", "--to URL [--data DIR]", nil, place, migrate},
		{"verify", "prove that the audit log, the stored files and what is published are whole", "audit|files|all [--data DIR]",
			[][2]string{{"audit", "the log only"}, {"files", "the stored files and what is published"}, {"all", "both (so it is without a word)"}}, place, verify},
		{"export", "write the static mirror of the public pages, for any web server", "site OUT [--data DIR]", [][2]string{{"OUT", "the folder to write"}}, []string{"data", "files", "base-url"}, export},
		{"rehearse", "replay the exam on a copy with simulated sites, and write a pass sheet to sign", "[--data DIR | --database URL] [--exam YEAR] [--sites N] [--speed max|N] [--seed N] [--out DIR]", nil, []string{"data", "database"}, rehearse},
		{"user", "make accounts, give roles, reset passwords and second factors", strings.Join(verbs("user"), "|") + " [--data DIR]", nil, place, user},
		{"token", "make bearer tokens for the machine interface", strings.Join(verbs("token"), "|") + " [--data DIR]", nil, place, token},
		{"config", "print a settings file with every setting explained", "", nil, nil, printConfig},
		{"version", "print the version", "", nil, nil, printVersion},
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
		fmt.Fprintf(os.Stderr, "bangvang %s: %s; bangvang %s --help explains it\n", c.name, strings.TrimPrefix(line, "usage: "), c.name)
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

// explain prints one screen about a command on standard output. name may have a verb ("user create");
// own registers its own flags.
func explain(name string, own func(*flag.FlagSet)) {
	first, _, _ := strings.Cut(name, " ")
	i := slices.IndexFunc(commands(), func(c command) bool { return c.name == first })
	c := commands()[i]
	for _, p := range people.Commands() {
		if p.Name == name {
			c.name, c.line, c.usage = p.Name, p.Usage, "[FLAGS]"
		}
	}
	fmt.Printf("%s: %s\n\n  %s\n\n", c.name, c.line, strings.TrimSpace("bangvang "+c.name+" "+c.usage))
	for _, a := range c.args {
		fmt.Printf("  %-18s %s\n", a[0], a[1])
	}
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	if own != nil {
		own(flags)
	}
	flags.VisitAll(func(f *flag.Flag) {
		value, says := flag.UnquoteUsage(f)
		fmt.Printf("  --%-16s %s\n", strings.TrimSpace(f.Name+" "+value), says)
	})
	if len(c.keys) > 0 {
		fmt.Printf("  --%-16s %s\n", "config", "file with settings")
		config.Explain(os.Stdout, c.keys...)
		fmt.Println("\nAll settings: bangvang config")
	}
}

// usagef makes an error of wrong use.
func usagef(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errUsage, fmt.Sprintf(format, args...))
}

// bare refuses arguments of a command that takes none, and explains it when asked.
func bare(name string, args []string) error {
	switch {
	case asksHelp(args):
		explain(name, nil)
		return flag.ErrHelp
	case len(args) > 0:
		return usagef("%s takes no arguments", name)
	}
	return nil
}

func printVersion(_ context.Context, args []string) error {
	if err := bare("version", args); err != nil {
		return err
	}
	fmt.Println("bangvang", version)
	return nil
}
