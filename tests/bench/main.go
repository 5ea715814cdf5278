// Command bench measures the figures that architecture §7 promises, beside nginx serving a file of
// the same size in the same run on the same machine. A ratio, not a time, is the promise.
//
//	go run ./tests/bench [-documents 10000] [-seconds 8] [-data DIR]
//
// It fills an installation with generated documents (kept in DIR for the next run), measures how
// fast a posted document becomes visible, then starts the program and drives it with wrk.
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

func main() {
	if len(os.Args) > 1 && os.Args[1] == inspect.Command { // uploads are looked into by this program started anew
		os.Exit(inspect.Child(os.Args[2:]))
	}
	documents := flag.Int("documents", 10_000, "how many documents the installation holds")
	seconds := flag.Int("seconds", 8, "how long each page is driven")
	data := flag.String("data", "", "folder of the installation; empty: one in the temporary folder, kept")
	flag.Parse()
	if *data == "" {
		*data = filepath.Join(os.TempDir(), fmt.Sprintf("bangvang-bench-%d", *documents))
	}
	if err := run(*documents, time.Duration(*seconds)*time.Second, *data); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(documents int, each time.Duration, data string) error {
	ctx := context.Background()
	binary := filepath.Join(os.TempDir(), "bangvang-bench")
	if out, err := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, "./cmd/bangvang").CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w: %s", err, out)
	}
	fmt.Printf("%d documents; every ratio is ours ÷ nginx, both measured now on this machine\n\n", documents)
	visible, err := fill(ctx, data, documents)
	if err != nil {
		return err
	}
	fmt.Printf("publish → visible, one document among %d: median %v, worst %v of %d\n\n", documents, median(visible), worst(visible), len(visible))
	s, err := start(binary, data)
	if err != nil {
		return err
	}
	defer s.stop()
	fmt.Printf("start → first public page: %v\n", s.ready.Round(time.Millisecond))
	if err := s.search(); err != nil {
		return err
	}
	return s.pages(each, []string{"/", "/van-ban", firstDocument})
}
