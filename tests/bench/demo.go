package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// starts of each kind whose median counts.
const startsEach = 5

// demonstration starts bangvang demo on empty folders and on kept ones.
func (b *bench) demonstration(folder string) error {
	var empty, again, busyEmpty, busyAgain []time.Duration
	for i := range startsEach {
		data := filepath.Join(folder, fmt.Sprintf("demo%d", i))
		took, used, err := b.demo(data)
		if err != nil {
			return err
		}
		empty, busyEmpty = append(empty, took), append(busyEmpty, used)
		if took, used, err = b.demo(data); err != nil {
			return err
		}
		again, busyAgain = append(again, took), append(busyAgain, used)
		if err := os.RemoveAll(data); err != nil {
			return err
		}
	}
	for _, f := range []struct {
		what       string
		took, used []time.Duration
		most       time.Duration
	}{{"demo, empty folder → ready", empty, busyEmpty, 5 * time.Second}, {"demo, kept folder → ready", again, busyAgain, time.Second}} {
		m := median(f.took)
		b.promised(f.what, fmt.Sprintf("%s (processor %s)", ms(m), ms(median(f.used))), fmt.Sprintf("≤ %d ms", f.most.Milliseconds()), m <= f.most)
	}
	return nil
}

// demo gives the time from starting the demonstration on data to its line "ready …", and the
// processor time used until then.
func (b *bench) demo(data string) (took, used time.Duration, err error) {
	p, err := launch(b.binary, "demo", data)
	if err != nil {
		return 0, 0, err
	}
	defer p.stop()
	line, err := bufio.NewReader(p.out).ReadString('\n')
	took, used = time.Since(p.began), busy([]int{p.pid()})
	if errors.Is(err, io.EOF) || !strings.HasPrefix(line, "ready http://") {
		return 0, 0, fmt.Errorf("demo said %q: %s", line, p.said())
	}
	return took, used, err
}
