// Command bench measures the figures that architecture §7 and the README promise, beside nginx
// serving files of the same size in the same run on the same machine. Where nginx is the measure
// a ratio, not a time, is the promise.
//
//	go run ./tests/bench [-documents 10000] [-seconds 8] [-data DIR]
//
// It starts the demonstration, fills an installation with generated documents (kept in DIR for the
// next run), measures how fast a posted document becomes visible, then starts the program on it,
// asks it, drives it with wrk and looks at it in Chromium. It needs what tests/setup.sh installs.
//
// It prints one table on standard output and what it is doing on standard error. The exit status is
// 1 when a figure could not be measured. A missed promise is told in the table and is no error of
// the bench: the machine may have been busy, as the processor times beside the times show.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"bangvang/internal/base/inspect"
)

// The pages name the address of the installation, and are drawn anew when it or the version of the
// program changes: both stay the same here, so that what is measured is not the drawing.
const (
	version = "bench"
	baseURL = "http://127.0.0.1"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == inspect.Command { // uploads are looked into by this program started anew
		os.Exit(inspect.Child(os.Args[2:]))
	}
	b := bench{}
	flag.IntVar(&b.documents, "documents", 10_000, "how many documents the installation holds")
	seconds := flag.Int("seconds", 8, "how long each page is driven")
	flag.StringVar(&b.data, "data", "", "folder of the installation; empty: one in the temporary folder, kept")
	flag.Parse()
	b.each = time.Duration(*seconds) * time.Second
	if b.data == "" {
		b.data = filepath.Join(os.TempDir(), fmt.Sprintf("bangvang-bench-%d", b.documents))
	}
	if err := b.run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// A bench is one run and the figures it has found so far.
type bench struct {
	documents int
	each      time.Duration // how long a page is driven
	data      string        // the filled installation
	binary    string        // the program, as it is released

	emptyMemory int64 // of a server in which nothing was entered, bytes
	report
}

func (b *bench) run(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "bangvang-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	b.binary = filepath.Join(folder, "bangvang")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w -X main.version="+version, "-o", b.binary, "./cmd/bangvang")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w: %s", err, out)
	}
	b.part("demonstration", func() error { return b.demonstration(folder) })
	b.part("empty server", func() error { return b.empty(filepath.Join(folder, "empty")) })
	b.part("reports", func() error { return b.reporting(folder) })
	b.part("publishing", func() error { return b.publishing(ctx) })
	b.part("start", b.starts)
	b.part("server", b.serving)
	b.print(os.Stdout, b.documents)
	return b.failed()
}
