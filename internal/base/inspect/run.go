package inspect

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"time"

	"bangvang/internal/base/fault"
)

const (
	warmMemory  = 1 << 30         // compiling the PDF reader takes 350 MB once
	warmTimeout = 2 * time.Minute // and some seconds, more on a slow machine
	patience    = 4               // times Timeout by the clock: on a busy machine a child waits for the processor
	maxAnswer   = 32 << 20        // bytes a child may say; JSON makes a hostile text up to six times longer
	maxLog      = 2 << 10         // bytes of a child's last words
)

// Warm compiles the PDF reader into the folder, in a child, unless it is there already. The first
// PDF does so by itself; a server calls Warm in the background when it starts, so that no one
// waits for the seconds it takes.
func (in *Inspector) Warm(ctx context.Context) error {
	select {
	case _, cold := <-in.warm:
		if !cold {
			return nil
		}
	case <-ctx.Done():
		return waited(ctx)
	}
	_, err := in.run(ctx, order{Cache: in.o.Dir, Memory: warmMemory, Timeout: warmTimeout}, nil)
	if err != nil {
		in.warm <- struct{}{}
		return fmt.Errorf("make the PDF reader ready: %w", err)
	}
	close(in.warm)
	return nil
}

// open has a child open the file and fills the report with what it found.
func (in *Inspector) open(ctx context.Context, f *os.File, rep *Report) error {
	if rep.Type == PDF {
		if err := in.Warm(ctx); err != nil {
			return err
		}
	}
	a, err := in.run(ctx, order{Type: rep.Type, Size: rep.Size, Cache: in.o.Dir, Pixels: in.o.Pixels, Memory: in.o.Memory, Timeout: in.o.Timeout}, f)
	if err != nil {
		return err
	}
	if a.Unconfined != "" {
		in.unconfined.Do(func() {
			slog.WarnContext(ctx, "files are inspected without system call filter", "cause", a.Unconfined)
		})
	}
	a.Found.merge(rep)
	if a.Refused != "" {
		return a.Refused
	}
	return nil
}

// run waits for a free place, starts a child and reads its answer.
func (in *Inspector) run(ctx context.Context, o order, f *os.File) (answer, error) {
	select {
	case in.slots <- struct{}{}:
		defer func() { <-in.slots }()
	case <-ctx.Done():
		return answer{}, waited(ctx)
	}
	arg, err := json.Marshal(o)
	if err != nil {
		return answer{}, err
	}
	timed, cancel := context.WithTimeout(ctx, patience*o.Timeout)
	defer cancel()
	out, last := &bounded{max: maxAnswer}, &bounded{max: maxLog}
	cmd := exec.CommandContext(timed, in.program, Command, string(arg))
	cmd.Args[0] = "bangvang"
	cmd.Env = []string{"GOMAXPROCS=2", "GOTRACEBACK=none"}
	cmd.Dir = in.o.Dir
	cmd.Stdout, cmd.Stderr = out, last
	if f != nil {
		cmd.Stdin = f
	}
	isolate(cmd)
	cmd.WaitDelay = 2 * time.Second
	if err := cmd.Start(); err != nil {
		return answer{}, fmt.Errorf("start a child to inspect a file: %w", err)
	}
	err = cmd.Wait()
	if ctx.Err() != nil {
		return answer{}, ctx.Err()
	}
	return verdict(timed, o, err, out, last)
}

// verdict makes sense of how a child ended.
func verdict(timed context.Context, o order, err error, out, last *bounded) (answer, error) {
	var a answer
	words := strings.ToValidUTF8(last.kept.String(), "")
	switch {
	case errors.Is(timed.Err(), context.DeadlineExceeded), outOfTime(err):
		return a, fmt.Errorf("%w after %v: %v", refusedSlow, o.Timeout, err)
	case err != nil: // a Go program out of memory dies in many ways
		return a, fmt.Errorf("%w: %v: %s", refusedDied, err, words)
	case out.over:
		return a, fmt.Errorf("%w: it said more than %d bytes", refusedDied, out.max)
	}
	if err := json.Unmarshal(out.kept.Bytes(), &a); err != nil {
		return a, fmt.Errorf("%w: unreadable answer: %v", refusedDied, err)
	}
	if a.Failed != "" {
		return a, fmt.Errorf("inspect a file: %s", a.Failed)
	}
	return a, nil
}

// waited tells why waiting ended: the caller gave up, or other files took too long.
func waited(ctx context.Context) error {
	return &fault.Error{Kind: fault.Busy, Message: "Đang có nhiều tệp chờ kiểm tra. Hãy tải lại tệp này sau ít phút.", Err: ctx.Err()}
}

// bounded keeps the first max bytes written and drops the rest, so that the writer never blocks.
type bounded struct {
	kept bytes.Buffer
	max  int
	over bool
}

// Write keeps what there is room for; it never fails.
func (b *bounded) Write(p []byte) (int, error) {
	room := min(len(p), b.max-b.kept.Len())
	b.over = b.over || room < len(p)
	b.kept.Write(p[:room])
	return len(p), nil
}
