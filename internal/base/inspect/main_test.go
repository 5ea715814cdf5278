package inspect_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"bangvang/internal/base/inspect"
)

// TestMain lets the test binary be the child that Inspect starts, as the program itself is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == inspect.Command {
		countChildren(os.Args[2:])
		os.Exit(inspect.Child(os.Args[2:]))
	}
	if len(os.Args) > 2 && os.Args[1] == tryCommand {
		os.Exit(try(os.Args[2]))
	}
	os.Exit(m.Run())
}

// tryCommand makes the test binary confine itself and try one thing; try says how it went.
const tryCommand = "try-confined"

var try = func(string) int { return 2 } // where nothing can be confined

// childrenLog is the file in an inspector's folder to which children write their process ids, when
// a test has put it there.
const childrenLog = "children.log"

// countChildren writes this child's process id to the log, and how many that stand there are alive.
func countChildren(args []string) {
	var order struct{ Cache string }
	if len(args) != 1 || json.Unmarshal([]byte(args[0]), &order) != nil {
		return
	}
	log, err := os.OpenFile(filepath.Join(order.Cache, childrenLog), os.O_APPEND|os.O_RDWR, 0)
	if err != nil {
		return
	}
	defer log.Close()
	fmt.Fprintf(log, "%d\n", os.Getpid())
	all, _ := os.ReadFile(log.Name())
	alive := 0
	for line := range bytes.Lines(all) {
		if pid, err := strconv.Atoi(string(bytes.TrimSpace(line))); err == nil {
			if p, err := os.FindProcess(pid); err == nil && p.Signal(syscall.Signal(0)) == nil {
				alive++
			}
		}
	}
	fmt.Fprintf(log, "alive %d\n", alive)
}
