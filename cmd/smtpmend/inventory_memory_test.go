//go:build linux && !race

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"smtpmend/internal/lab"
	"smtpmend/internal/tenantsim"
)

// What an inventory of twenty thousand mailboxes may take, in MB; a row for each
// is several hundred octets, and a page of the log some megabytes. The race
// detector takes several times as much for itself.
const mostInventoryMemory = 128

// The peak is the real program's, as the kernel counts it.
func TestMemoryOfAnInventory(t *testing.T) {
	state, truths := tenantsim.Many(20_000, time.Now())
	tenant, err := tenantsim.Start(t.Context(), state, tenantsim.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer tenant.Close()
	cmd := exec.CommandContext(t.Context(), "smtpmend", "inventory", "-o", "json", "--cloud-file", tenant.EndpointFile())
	cmd.Env = os.Environ()
	for _, v := range lab.Credentials(state) {
		cmd.Env = append(cmd.Env, v.Name+"="+v.Value)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	done, peak := make(chan int), 0
	go func() {
		text, _ := io.ReadAll(out)
		done <- bytes.Count(text, []byte(`"mailbox":`))
	}()
	rows := -1
	for rows < 0 {
		select {
		case rows = <-done:
		case <-time.After(5 * time.Millisecond):
			peak = max(peak, residentPeak(cmd.Process.Pid))
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	mailboxes := 0
	for _, truth := range truths {
		if truth.Kind != "none" {
			mailboxes++
		}
	}
	t.Logf("%d rows in %v, %d MB, %v user, %v system", rows, time.Since(began).Round(time.Millisecond), peak, cmd.ProcessState.UserTime(), cmd.ProcessState.SystemTime())
	if rows != mailboxes || peak == 0 || peak > mostInventoryMemory {
		t.Errorf("%d rows of %d, %d MB, more than %d", rows, mailboxes, peak, mostInventoryMemory)
	}
}

// residentPeak is the most memory that a process held so far, 0 where it is
// gone already.
func residentPeak(pid int) (mb int) {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	fmt.Sscan(rest, &mb)
	return mb >> 10
}
