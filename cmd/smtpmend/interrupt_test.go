//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"smtpmend/internal/tenantsim"
	"smtpmend/probe"
)

// soon is how long the end may take after Ctrl-C. It is a second where nothing
// else runs; every wait of the program's own is longer than this.
const soon = 10 * time.Second

// Ctrl-C while something is read that does not come: standard input, or a pipe
// that nobody opens.
func TestInterruptedReading(t *testing.T) {
	w := newWorld(t, tenantsim.Default())
	delete(w.env, envPassword)
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"explain"}, {"explain", "--log", "-"}, {"explain", "--log", pipe}, w.cloud("diagnose", w.typed, "--reply", "-"),
		w.cloud("probe", w.typed, "--password-file", "-"), w.cloud("probe", w.typed, "--password-file", pipe),
	} {
		ctx, interrupt := context.WithCancel(t.Context())
		never, _ := io.Pipe()
		time.AfterFunc(20*time.Millisecond, interrupt)
		ended := make(chan int, 1)
		go func() {
			ended <- run(ctx, &console{In: never, Out: io.Discard, Err: &w.said, LookupEnv: func(string) (string, bool) { return "", false }}, args)
		}()
		select {
		case code := <-ended:
			if code != exitTrouble {
				t.Errorf("%q: exit %d", args, code)
			}
		case <-time.After(soon):
			t.Fatalf("%q does not end", args)
		}
	}
	if n := len(w.Attempts()); n > 0 || strings.Count(w.said.String(), "interrupted") != 6 {
		t.Errorf("%d sign-ins\n%s", n, w.said.String())
	}
}

// interrupt sends Ctrl-C and returns the exit code of what then ends soon.
func interrupt(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	return endsSoon(t, cmd)
}

// endsSoon waits for the end of a program that was told to end.
func endsSoon(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	told := time.Now()
	late := time.AfterFunc(soon, func() { cmd.Process.Kill() })
	cmd.Wait()
	if !late.Stop() {
		t.Errorf("runs on after Ctrl-C")
	}
	t.Logf("ended %s after Ctrl-C", time.Since(told).Round(time.Millisecond))
	return cmd.ProcessState.ExitCode()
}

// Ctrl-C at any point of a dialogue: the program ends with the exit code of
// that, and prints what it learnt until then.
func TestInterruptedAtEveryStage(t *testing.T) {
	authority := newWireAuthority(t)
	config := authority.server(t, nil)
	w := newWorld(t, tenantsim.Default())
	w.env[envPassword] = wirePassword
	silence := wireFaults[slices.IndexFunc(wireFaults, func(f wireFault) bool { return f.name == "silence" })]
	var cells []wireCell
	for _, send := range []bool{false, true} {
		for _, turn := range wireTurns(send) {
			if turn.name != atConnect && (!send || turn.stage == probe.StageData) {
				cells = append(cells, wireCell{turn, silence, send})
			}
		}
	}
	verbs := []string{"probe", "diagnose", "fix", "verify"}
	each(len(cells)*len(verbs), 4, func(_, i int) {
		if !sampled(i, 3) {
			return
		}
		c, verb := cells[i/len(verbs)], verbs[i%len(verbs)]
		t.Run(verb+" at "+c.turn.name, func(t *testing.T) {
			server := serveCell(t, c, config)
			dir := t.TempDir()
			args := []string{verb, tenantsim.Mailbox, "--timeout", "10m", "-o", "json", "--cloud-file",
				wireEndpoint(t, dir, server.addr, "https://127.0.0.1:1", authority.pem())}
			switch verb {
			case "fix": // which would sign in before it tries
				args = append(args, "--journal-dir", filepath.Join(dir, "journals"), "--auth", "none")
			case "diagnose":
				args = append(args, "--auth", "none")
			}
			if c.send {
				args = append(args, "--send")
			}
			cmd := w.command(t, args...)
			var out, notes bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &notes
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			<-server.struck
			code := interrupt(t, cmd)
			text := out.String() + notes.String()
			if code != exitTrouble || !strings.Contains(strings.ToLower(text), "interrupted") {
				t.Errorf("exit %d\n%s", code, text)
			}
			learnt(t, verb, c, out.Bytes())
		})
	})
}

// learnt wants what an interrupted verb prints to be whole, and a report to
// hold each stage until then.
func learnt(t *testing.T, verb string, c wireCell, out []byte) {
	t.Helper()
	if !json.Valid(out) {
		t.Fatalf("no JSON: %q", out)
	}
	var rep probe.Report
	switch verb {
	case "probe":
		json.Unmarshal(out, &rep)
	case "diagnose":
		var d struct{ Probe *probe.Report }
		json.Unmarshal(out, &d)
		rep = *d.Probe
	default:
		return
	}
	last := rep.Stages[len(rep.Stages)-1]
	if soonest := last.Name == probe.StageConnect && c.turn.name == atGreeting; last.Name != c.turn.stage && !soonest {
		t.Errorf("the last stage is %s, want %s", last.Name, c.turn.stage)
	}
	if c.turn.stage != probe.StageGreeting && !strings.Contains(string(out), "Microsoft ESMTP MAIL Service") {
		t.Errorf("the greeting is lost:\n%s", out)
	}
}

// Ctrl-C while a change is being made: it is read back first, and the journal
// knows how it ended.
func TestInterruptedInAWrite(t *testing.T) {
	for _, moment := range []tenantsim.Moment{tenantsim.Before, tenantsim.After} {
		t.Run(string(moment), func(t *testing.T) {
			w := newWorld(t, scenario(t, "printer"))
			before, journals := w.State(), filepath.Join(w.dir, "journals")
			p := &process{cmd: w.command(t, w.fixing(journals, "--yes")...)}
			p.cmd.Stdout, p.cmd.Stderr = &p.said, &p.said
			var once sync.Once
			var readBack atomic.Bool
			started, writing := make(chan struct{}), make(chan struct{})
			w.OnRequest(func(r tenantsim.Request, m tenantsim.Moment) {
				if r.Cmdlet == "Get-CASMailbox" && len(w.Writes()) > 0 {
					readBack.Store(true)
				}
				if r.Writes && m == moment {
					once.Do(func() {
						<-started
						p.cmd.Process.Signal(os.Interrupt)
						time.Sleep(100 * time.Millisecond) // the signal has most likely arrived
						close(writing)
					})
				}
			})
			if err := p.cmd.Start(); err != nil {
				t.Fatal(err)
			}
			close(started)
			<-writing
			code := endsSoon(t, p.cmd)
			w.OnRequest(nil)
			if code != exitTrouble || !readBack.Load() || len(w.Writes()) != 1 {
				t.Errorf("exit %d, read back: %v, wrote %v\n%s", code, readBack.Load(), w.Writes(), &p.said)
			}
			journal := journalsIn(t, journals)
			if len(journal) != 1 || !strings.Contains(p.said.String(), filepath.Base(journal[0])) {
				t.Errorf("journals %q are not told\n%s", journal, &p.said)
			}
			knows(t, journals, before, w.State())
			w.undoes(t, journals, before)
		})
	}
}

// Ctrl-C in a pause between two probes.
func TestInterruptedInAPause(t *testing.T) {
	for _, verb := range []string{"verify", "fix"} {
		t.Run(verb, func(t *testing.T) {
			state := scenario(t, "smtp-auth-off-mailbox")
			state.SMTP.Propagation.Duration = time.Hour
			w := newWorld(t, state)
			before, journals := w.State(), filepath.Join(w.dir, "journals")
			args := w.cloud(verb, w.typed, "--poll", "1h", "--wait", "2h")
			if verb == "fix" {
				args = append(args, "--journal-dir", journals, "--yes")
			}
			p := w.start(t, args...)
			for len(w.Attempts()) == 0 || verb == "fix" && len(w.Writes()) == 0 {
				time.Sleep(5 * time.Millisecond)
			}
			time.Sleep(300 * time.Millisecond) // it most likely pauses by now
			if code := interrupt(t, p.cmd); code != exitTrouble || !strings.Contains(p.said.String(), "nterrupted") {
				t.Errorf("exit %d\n%s", code, &p.said)
			}
			w.undoes(t, journals, before)
		})
	}
}

// Ctrl-C is the ordinary end of what serves until then.
func TestInterruptedServers(t *testing.T) {
	for verb, code := range map[string]int{"listen": exitUnsettled, "simulate": exitOK} {
		t.Run(verb, func(t *testing.T) {
			w := newWorld(t, tenantsim.Default())
			args := map[string][]string{
				"listen": {"listen", "--addr", "127.0.0.1:0"}, "simulate": {"simulate", "--scenario", "healthy"},
			}[verb]
			cmd := w.command(t, args...)
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			cmd.Stderr = cmd.Stdout
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			said := make([]byte, 4096)
			n, err := out.Read(said)
			if err != nil {
				t.Fatal(err)
			}
			go func() {
				for buf := make([]byte, 4096); err == nil; {
					_, err = out.Read(buf)
				}
			}()
			if got := interrupt(t, cmd); got != code {
				t.Errorf("exit %d, want %d\n%s", got, code, string(said[:n]))
			}
		})
	}
}
