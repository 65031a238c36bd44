package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// A listenProcess is the verb listen in a process of its own.
type listenProcess struct {
	cmd   *exec.Cmd
	addr  string
	lines *bufio.Scanner
	said  strings.Builder // on standard error so far
}

// startListen runs the real program until the test ends.
func startListen(t *testing.T, args ...string) *listenProcess {
	t.Helper()
	return startListenWith(t, nil, append([]string{"--addr", "127.0.0.1:0"}, args...)...)
}

// startListenWith has another environment, nil for that of the test.
func startListenWith(t *testing.T, env []string, args ...string) *listenProcess {
	t.Helper()
	s := &listenProcess{cmd: exec.Command("smtpmend", append([]string{"listen"}, args...)...)}
	s.cmd.Env, s.cmd.Stdout = env, io.Discard
	notes, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.lines = bufio.NewScanner(notes)
	t.Cleanup(func() {
		s.cmd.Process.Signal(os.Interrupt)
		s.wait(t)
	})
	for s.lines.Scan() {
		s.said.WriteString(s.lines.Text() + "\n")
		if m := listeningOn.FindSubmatch(s.lines.Bytes()); m != nil {
			s.addr = string(m[1])
			return s
		}
	}
	t.Fatalf("listen did not start: %s", s.said.String())
	return nil
}

// wait returns what was said once the process has ended; its exit code is that
// of a device.
func (s *listenProcess) wait(t *testing.T) string {
	t.Helper()
	for s.lines.Scan() {
		s.said.WriteString(s.lines.Text() + "\n")
	}
	s.cmd.Wait()
	return s.said.String()
}
