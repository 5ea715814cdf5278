//go:build linux && (amd64 || arm64)

package inspect

import (
	"fmt"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// allowed are the system calls a running Go program needs to compute, to read its standard input
// and to write its standard output. There is none that opens a file, reaches the network or starts
// a program.
var allowed = []uint32{
	unix.SYS_READ, unix.SYS_PREAD64, unix.SYS_WRITE, unix.SYS_CLOSE, unix.SYS_LSEEK, unix.SYS_FSTAT, unix.SYS_FCNTL,
	unix.SYS_MUNMAP, unix.SYS_MADVISE, unix.SYS_BRK, unix.SYS_MINCORE,
	unix.SYS_FUTEX, unix.SYS_SCHED_YIELD, unix.SYS_SCHED_GETAFFINITY, unix.SYS_NANOSLEEP, unix.SYS_CLOCK_NANOSLEEP,
	unix.SYS_CLOCK_GETTIME, unix.SYS_GETTIMEOFDAY, unix.SYS_GETPID, unix.SYS_GETTID, unix.SYS_GETRANDOM,
	unix.SYS_RT_SIGACTION, unix.SYS_RT_SIGPROCMASK, unix.SYS_RT_SIGRETURN, unix.SYS_SIGALTSTACK, unix.SYS_RESTART_SYSCALL,
	unix.SYS_EPOLL_CTL, unix.SYS_EPOLL_PWAIT, unix.SYS_RSEQ, unix.SYS_SET_ROBUST_LIST,
	unix.SYS_EXIT, unix.SYS_EXIT_GROUP,
}

// Places in struct seccomp_data, the low halves of the arguments on these little-endian machines.
const (
	offsetNumber = 0
	offsetArch   = 4
	offsetArg0   = 16
	offsetArg2   = 32
)

// confine gives up, for all threads and for good, every system call but those of allowed, new
// threads of this process, memory that is not executable and signals to itself. What is refused
// fails with EPERM. Files can no longer grow.
func confine() error {
	if err := bound(syscall.RLIMIT_FSIZE, 0); err != nil {
		return fmt.Errorf("limit file size: %w", err)
	}
	filter := program(uint32(unix.Getpid()))
	prog := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("give up privileges: %w", err)
	}
	r, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&prog)))
	if errno != 0 {
		return fmt.Errorf("filter system calls: %w", errno)
	}
	if r != 0 {
		return fmt.Errorf("filter system calls: thread %d did not follow", r)
	}
	return nil
}

// program is the filter in the kernel's language: each block either decides or falls through to
// the next.
func program(pid uint32) []unix.SockFilter {
	arch := uint32(unix.AUDIT_ARCH_X86_64)
	if runtime.GOARCH == "arm64" {
		arch = unix.AUDIT_ARCH_AARCH64
	}
	const load, equal, anyBit, ret = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K,
		unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K, unix.BPF_RET | unix.BPF_K
	const allow, deny = uint32(unix.SECCOMP_RET_ALLOW), uint32(unix.SECCOMP_RET_ERRNO) | uint32(unix.EPERM)

	p := []unix.SockFilter{
		{Code: load, K: offsetArch}, {Code: equal, K: arch, Jt: 1}, {Code: ret, K: deny},
		{Code: load, K: offsetNumber},
	}
	for _, call := range allowed {
		p = append(p, unix.SockFilter{Code: equal, K: call, Jf: 1}, unix.SockFilter{Code: ret, K: allow})
	}
	// when decides a call by one argument: it is allowed where test with k says so.
	when := func(call uint32, argument uint32, test uint16, k uint32, allowIf bool) {
		yes, no := allow, deny
		if !allowIf {
			yes, no = deny, allow
		}
		p = append(p,
			unix.SockFilter{Code: equal, K: call, Jf: 4},
			unix.SockFilter{Code: load, K: argument},
			unix.SockFilter{Code: test, K: k, Jf: 1},
			unix.SockFilter{Code: ret, K: yes},
			unix.SockFilter{Code: ret, K: no})
	}
	when(unix.SYS_CLONE, offsetArg0, anyBit, unix.CLONE_THREAD, true)
	when(unix.SYS_TGKILL, offsetArg0, equal, pid, true)
	when(unix.SYS_MMAP, offsetArg2, anyBit, unix.PROT_EXEC, false)
	when(unix.SYS_MPROTECT, offsetArg2, anyBit, unix.PROT_EXEC, false)
	return append(p, unix.SockFilter{Code: ret, K: deny})
}
