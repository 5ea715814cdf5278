package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// A report collects figures, and what could not be measured.
type report struct {
	rows   []row
	errors []error
}

// A row is one figure: what was measured, in words, and what is promised of it.
type row struct{ what, found, promise, verdict string }

const (
	kept   = "kept"
	missed = "MISSED"
)

// promised adds a figure that must be kept.
func (r *report) promised(what, found, promise string, keeps bool) {
	verdict := missed
	if keeps {
		verdict = kept
	}
	r.add(row{what, found, promise, verdict})
}

// told adds a figure nothing is promised of.
func (r *report) told(what, found string) { r.add(row{what, found, "", ""}) }

// add keeps a figure for the table and says it at once: a run that is cut short has told something.
func (r *report) add(f row) {
	r.rows = append(r.rows, f)
	fmt.Fprintf(os.Stderr, "bench: %s: %s %s\n", f.what, f.found, f.verdict)
}

// part measures one part. When it cannot, the others are measured all the same.
func (r *report) part(name string, measure func() error) {
	began := time.Now()
	fmt.Fprintf(os.Stderr, "bench: %s …\n", name)
	if err := measure(); err != nil {
		r.errors = append(r.errors, fmt.Errorf("%s: %w", name, err))
		r.rows = append(r.rows, row{name, "not measured: " + strings.Join(strings.Fields(err.Error()), " "), "", missed})
	}
	fmt.Fprintf(os.Stderr, "bench: %s took %v\n", name, time.Since(began).Round(100*time.Millisecond))
}

func (r *report) print(w io.Writer, documents int) {
	fmt.Fprintf(w, "\n%d documents; %d processors; load average %s; times are of this machine, ratios are against nginx on it\n\n", documents, runtime.NumCPU(), load())
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "what\tmeasured\tpromised\t")
	fmt.Fprintln(t, "----\t--------\t--------\t")
	for _, f := range r.rows {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", f.what, f.found, f.promise, f.verdict)
	}
	t.Flush()
	n := 0
	for _, f := range r.rows {
		if f.verdict == missed {
			n++
		}
	}
	switch {
	case n == 0:
		fmt.Fprintln(w, "\nEvery promise is kept.")
	default:
		fmt.Fprintf(w, "\n%d of %d figures miss their promise or could not be measured.\n", n, len(r.rows))
	}
}

// failed tells what could not be measured.
func (r *report) failed() error { return errors.Join(r.errors...) }

// load is how busy the machine was, so that a reader can judge the times.
func load() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(b))[:3], " ")
}

func percentile(d []time.Duration, hundredths int) time.Duration {
	s := slices.Sorted(slices.Values(d))
	return s[min(len(s)-1, len(s)*hundredths/100)]
}

func median(d []time.Duration) time.Duration { return percentile(d, 50) }

func ms(d time.Duration) string {
	if d < 100*time.Millisecond {
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}

func mib(bytes int64) string { return fmt.Sprintf("%d MiB", bytes>>20) }
