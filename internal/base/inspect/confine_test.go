//go:build linux && (amd64 || arm64)

package inspect_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"bangvang/internal/base/inspect"
)

func init() { try = tryConfined }

var tries = map[string]func() error{
	"open a file":     func() error { _, err := os.ReadFile("/etc/hostname"); return err },
	"create a file":   func() error { return os.WriteFile(os.TempDir()+"/confined", nil, 0o600) },
	"remove a file":   func() error { return os.Remove(os.TempDir() + "/confined-none") },
	"dial out":        func() error { _, err := net.Dial("tcp", "127.0.0.1:9"); return err },
	"start a program": func() error { return syscall.Exec("/bin/true", []string{"true"}, nil) },
	"signal another":  func() error { return syscall.Kill(os.Getppid(), 0) },
	"make a child":    func() error { _, err := syscall.ForkExec("/bin/true", []string{"true"}, nil); return err },
	"map executable code": func() error {
		_, err := syscall.Mmap(-1, 0, 4096, syscall.PROT_EXEC|syscall.PROT_READ, syscall.MAP_ANON|syscall.MAP_PRIVATE)
		return err
	},
}

func tryConfined(what string) int {
	if err := inspect.Confine(); err != nil {
		fmt.Println("confine:", err)
		return 1
	}
	done := make(chan struct{})
	for range 8 { // threads started before and after are bound alike
		go func() { runtime.LockOSThread(); done <- struct{}{} }()
	}
	for range 8 {
		<-done
	}
	if err := tries[what](); !errors.Is(err, syscall.EPERM) {
		fmt.Println(what, "gives", err)
		return 1
	}
	fmt.Println("refused")
	return 0
}

func TestAConfinedChildCanOnlyCompute(t *testing.T) {
	t.Parallel()
	for what := range tries {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			out, err := exec.Command(os.Args[0], tryCommand, what).CombinedOutput()
			if err != nil || !strings.Contains(string(out), "refused") {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}
