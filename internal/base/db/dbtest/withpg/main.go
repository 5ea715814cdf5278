// Command withpg starts one PostgreSQL server, runs the command given after "--" with
// BANGVANG_TEST_POSTGRES naming it, stops the server and exits as the command did. make test uses
// it so that all test processes share one server.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"bangvang/internal/base/db/dbtest/pgserver"
)

func main() {
	if len(os.Args) < 3 || os.Args[1] != "--" {
		fmt.Fprintln(os.Stderr, "usage: withpg -- command [argument ...]")
		os.Exit(2)
	}
	os.Exit(run(os.Args[2], os.Args[3:]))
}

func run(name string, args []string) int {
	server, err := pgserver.Start()
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpg:", err)
		return 1
	}
	defer server.Stop()
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "BANGVANG_TEST_POSTGRES="+server.URL)
	err = cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return max(exit.ExitCode(), 1)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpg:", err)
		return 1
	}
	return 0
}
