package main

import (
	"os/exec"
	"testing"
)

// command is the real program on a command line, for tests that need a process
// of its own.
func (w *world) command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	program, err := exec.LookPath("smtpmend")
	if err != nil {
		t.Fatal(err) // TestMain puts this binary there under that name
	}
	cmd := exec.Command(program, args...)
	cmd.Env = []string{"HOME=" + w.dir, "NO_COLOR=1"}
	for name, value := range w.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}
