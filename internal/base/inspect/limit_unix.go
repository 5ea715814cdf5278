//go:build unix

package inspect

import (
	"errors"
	"os/exec"
	"syscall"
	"time"
)

// isolate gives the child a process group of its own, and ends the whole group with it.
func isolate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// limit binds this process before anything is opened. The processor limit also ends a child whose
// parent is gone.
func limit(o order) error {
	seconds := uint64(o.Timeout/time.Second) + 1
	return errors.Join(
		bound(syscall.RLIMIT_CORE, 0),
		bound(syscall.RLIMIT_CPU, seconds),
		bound(syscall.RLIMIT_NOFILE, 64),
		limitMemory(uint64(o.Memory)),
		syscall.Setpriority(syscall.PRIO_PGRP, 0, 10), // the public comes first
	)
}

func bound(resource int, most uint64) error {
	return syscall.Setrlimit(resource, &syscall.Rlimit{Cur: most, Max: most})
}

// outOfTime tells whether a child ended because it used up its processor time.
func outOfTime(err error) bool {
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		return false
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && (status.Signal() == syscall.SIGXCPU || status.Signal() == syscall.SIGKILL)
}
