package inspect

import (
	"os"
	"syscall"
)

// limitMemory bounds what the process can write to, which since Linux 4.7 RLIMIT_DATA counts
// exactly; an address space limit would count the 1.3 GB the Go runtime and the PDF reader only
// reserve. If the machine itself runs out, the system is told to end this process before others.
func limitMemory(most uint64) error {
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0) // a wish; /proc may be missing
	return bound(syscall.RLIMIT_DATA, most)
}
