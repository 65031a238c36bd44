package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/listen"
	"smtpmend/internal/tenantsim"
)

// The device sees the service's words, the person the cause, and the account
// one sign-in however often the device comes again.
func TestListenForwards(t *testing.T) {
	for _, tt := range []struct {
		scenario, password string // "" is the right one
		told               string
		code               int
		cause              catalogue.Code
	}{
		{"healthy", "", "", exitOK, ""},
		{"healthy", "Wr0ng+password", "the user credentials were incorrect", exitCause, catalogue.BadCredentials},
	} {
		t.Run(tt.scenario+string(tt.cause), func(t *testing.T) {
			scenario, ok := tenantsim.LookupScenario(tt.scenario)
			if !ok {
				t.Fatal(tt.scenario)
			}
			w := newWorld(t, scenario.State())
			password := tt.password
			if password == "" {
				password = w.env[envPassword]
			}
			s := startStand(t, "--count", "1", "--forward", "--cloud-file", w.EndpointFile(), "-o", "json")
			err := submit(s.addr, tenantsim.Mailbox, password)
			if tt.told == "" && err != nil || tt.told != "" && (err == nil || !strings.Contains(err.Error(), tt.told)) {
				t.Errorf("the device was told %v", err)
			}
			if code := s.wait(); code != tt.code {
				t.Errorf("exit %d: %s", code, s.said())
			}
			var r listen.Report
			if err := json.Unmarshal(s.out.Bytes(), &r); err != nil {
				t.Fatal(err)
			}
			if r.Cause != tt.cause || len(r.Upstream) != 1 {
				t.Errorf("report: %s", s.out.String())
			}
			if n := len(w.Attempts()); n != 1 {
				t.Errorf("%d sign-ins at the service", n)
			}
			if n := len(w.Inbox()); tt.told == "" && n != 1 {
				t.Errorf("%d messages arrived", n)
			}
			if found := leaks(s.said(), []string{password}); len(found) > 0 {
				t.Errorf("leaked %q", found)
			}
		})
	}
}

func TestListenTriesARefusedPasswordOnce(t *testing.T) {
	scenario, _ := tenantsim.LookupScenario("healthy")
	w := newWorld(t, scenario.State())
	s := startStand(t, "--count", "3", "--forward", "--cloud-file", w.EndpointFile(), "-o", "json")
	var told [3]string
	for i := range told {
		err := submit(s.addr, tenantsim.Mailbox, "Wr0ng+password")
		if err == nil {
			t.Fatal("accepted")
		}
		told[i] = err.Error()
	}
	if code := s.wait(); code != exitCause {
		t.Errorf("exit %d", code)
	}
	if n := len(w.Attempts()); n != 1 {
		t.Errorf("%d sign-ins at the service", n)
	}
	for i, text := range told {
		if temporary := strings.Contains(text, sayHeld); temporary == (i == 0) {
			t.Errorf("device %d was told %q", i, text)
		}
	}
	if len(leaks(s.said(), []string{"Wr0ng+password"})) > 0 {
		t.Error(s.said())
	}
	handedOn := 0 // sessions are reported in the order in which they end
	for line := range strings.Lines(s.out.String()) {
		var r listen.Report
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		held := strings.Contains(strings.Join(r.Notes, ""), "were not handed on again")
		if r.Cause != catalogue.BadCredentials || held == (len(r.Upstream) > 0) {
			t.Errorf("report: %s", line)
		}
		handedOn += len(r.Upstream)
	}
	if handedOn != 1 {
		t.Errorf("%d sessions were handed on", handedOn)
	}
}

// What is no address may be the password, and would stand in the record of
// the dialogue with the service.
func TestListenHandsOnAddressesOnly(t *testing.T) {
	scenario, _ := tenantsim.LookupScenario("healthy")
	w := newWorld(t, scenario.State())
	password := w.env[envPassword]
	s := startStand(t, "--count", "1", "--forward", "--cloud-file", w.EndpointFile())
	if err := submit(s.addr, password, tenantsim.Mailbox); err == nil || !strings.Contains(err.Error(), "Authentication unsuccessful") {
		t.Errorf("told %v", err)
	}
	if code := s.wait(); code != exitUnsettled || !strings.Contains(s.out.String(), "The login is no full address") {
		t.Errorf("exit %d: %s", code, s.said())
	}
	if n := len(w.Attempts()); n != 0 || len(leaks(s.said(), []string{password})) > 0 {
		t.Errorf("%d sign-ins at the service: %s", n, s.said())
	}
}

// A service that falls silent over a password may have refused it.
func TestListenTriesAnUnansweredPasswordOnce(t *testing.T) {
	scenario, _ := tenantsim.LookupScenario("healthy")
	ten, err := tenantsim.Start(t.Context(), scenario.State(), tenantsim.Options{Dir: t.TempDir(), RefusalDelay: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	defer ten.Close()
	s := startStand(t, "--count", "2", "--forward", "--cloud-file", ten.EndpointFile(), "--timeout", "1s")
	for _, want := range []string{"smtpmend: the service gave no answer", sayHeld} {
		if err := submit(s.addr, tenantsim.Mailbox, "Wr0ng+password"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("told %v", err)
		}
	}
	if code := s.wait(); code != exitUnsettled {
		t.Errorf("exit %d", code)
	}
	if n := len(ten.Attempts()); n != 1 {
		t.Errorf("%d sign-ins at the service", n)
	}
}

// sayHeld is what a device hears whose account was refused; it comes with 451.
const sayHeld = "smtpmend: the service refused this account"

// One device that tries 150 passwords for one account spends one sign-in at
// the service, is told to come again later, and is counted, not quoted.
func TestListenSpendsOnePasswordOfMany(t *testing.T) {
	const many = 150
	scenario, _ := tenantsim.LookupScenario("healthy")
	w := newWorld(t, scenario.State())
	s := startStand(t, "--count", "1", "--forward", "--cloud-file", w.EndpointFile(), "-o", "json")
	d := dialTLS(t, "127.0.0.1", s.addr)
	d.cmd("EHLO printer")
	var passwords []string
	for i := range many {
		password := fmt.Sprintf("Gu3ss-%03d-guess", i)
		passwords = append(passwords, password)
		told := d.cmd("AUTH LOGIN "+inBase64(tenantsim.Mailbox), inBase64(password))
		if first := strings.HasPrefix(told, "535 "); first != (i == 0) || !first && !strings.HasPrefix(told, "451 4.7.0 "+sayHeld) {
			t.Fatalf("password %d: %q", i, told)
		}
	}
	d.cmd("QUIT")
	if code := s.wait(); code != exitCause {
		t.Errorf("exit %d", code)
	}
	if n := len(w.Attempts()); n != 1 {
		t.Errorf("%d sign-ins at the service", n)
	}
	var r listen.Report
	if err := json.Unmarshal(s.out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if r.Passwords != many || !strings.Contains(strings.Join(r.Notes, " "), "has given 150 different passwords") || r.Cause != catalogue.BadCredentials {
		t.Errorf("%d passwords, %s, notes %q", r.Passwords, r.Cause, r.Notes)
	}
	for text, times := range map[string]int{" signs in as ": 1, " was refused; ": 1, "a new password for " + tenantsim.Mailbox + " is waiting; ": 1} {
		if n := strings.Count(s.notes.String(), text); n != times {
			t.Errorf("%q was said %d times: %s", text, n, s.notes.String())
		}
	}
	if found := leaks(s.said(), passwords); len(found) > 0 {
		t.Errorf("leaked %q", found)
	}
}

// Enter is the person's word that a refused sign-in may be tried again.
func TestListenTriesAgainAfterEnter(t *testing.T) {
	scenario, _ := tenantsim.LookupScenario("healthy")
	w := newWorld(t, scenario.State())
	keys, keyboard := io.Pipe()
	defer keyboard.Close()
	s := startStandFor(t, keys, "--forward", "--cloud-file", w.EndpointFile())
	wrong := func() {
		if err := submit(s.addr, tenantsim.Mailbox, "Wr0ng+password"); err == nil {
			t.Fatal("accepted")
		}
	}
	for round := range 3 {
		wrong()
		s.waitFor(t, round+1, "nothing more is sent for it until you press Enter")
		wrong()
		if err := submit(s.addr, tenantsim.Mailbox, w.env[envPassword]); err == nil || !strings.Contains(err.Error(), sayHeld) {
			t.Errorf("while it is held: told %v", err)
		}
		s.waitFor(t, round+1, "a new password for "+tenantsim.Mailbox+" is waiting; nothing is sent until you press Enter")
		if n := len(w.Attempts()); n != round+1 {
			t.Errorf("round %d: %d sign-ins at the service", round, n)
		}
		io.WriteString(keyboard, "\n")
		s.waitFor(t, round+1, "1 refused account may be tried once more")
	}
	if err := submit(s.addr, tenantsim.Mailbox, w.env[envPassword]); err != nil {
		t.Errorf("the right one after Enter: %v", err)
	}
	s.waitFor(t, 4, "127.0.0.1 signs in as "+tenantsim.Mailbox+" at "+w.Cloud().SMTP)
	s.stop()
	s.wait()
	if found := leaks(s.said(), []string{w.env[envPassword], "Wr0ng+password"}); len(found) > 0 {
		t.Errorf("leaked %q", found)
	}
}

// Only the service knows who may send as whom.
func TestListenLetsTheServiceDecideOnTheSender(t *testing.T) {
	const other = "ann@contoso.com"
	for _, granted := range []bool{true, false} {
		scenario, _ := tenantsim.LookupScenario("healthy")
		state := scenario.State()
		if granted {
			state.User(tenantsim.Mailbox).SendAs = []string{other}
		}
		w := newWorld(t, state)
		s := startStand(t, "--count", "1", "--forward", "--cloud-file", w.EndpointFile(), "-o", "json")
		err := submitAll(s.addr, tenantsim.Mailbox, w.env[envPassword], other, "hello\r\n")
		if (err == nil) != granted {
			t.Errorf("granted %v: the device was told %v", granted, err)
		}
		code := s.wait()
		var r listen.Report
		if err := json.Unmarshal(s.out.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		want, verdict := exitCause, diagnose.Named
		cause, seen := catalogue.SendAsDenied, listen.ForeignSender
		if granted {
			want, verdict, cause, seen = exitOK, diagnose.Healthy, "", listen.SenderAllowed
		}
		if code != want || r.Verdict != verdict || r.Cause != cause || !slices.Contains(r.Observations, seen) {
			t.Errorf("granted %v: exit %d: %s", granted, code, s.out.String())
		}
	}
}

// A message arrives as it was sent, whatever its size; a second one behind the
// same sign-in is turned away in words that say whose they are.
func TestListenHandsOnMessages(t *testing.T) {
	scenario, _ := tenantsim.LookupScenario("healthy")
	w := newWorld(t, scenario.State())
	large := strings.Repeat(strings.Repeat("0123456789", 7)+"\r\n", 25<<20/72)
	s := startStand(t, "--count", "1", "--forward", "--cloud-file", w.EndpointFile())
	err := submitAll(s.addr, tenantsim.Mailbox, w.env[envPassword], tenantsim.Mailbox, large, "hello\r\n")
	if err == nil || !strings.Contains(err.Error(), "smtpmend: one message for each sign-in") {
		t.Errorf("the second message: %v", err)
	}
	if code := s.wait(); code != exitOK || !strings.Contains(s.out.String(), "A second message in one session was not handed on") {
		t.Errorf("exit %d: %s", code, s.said())
	}
	inbox := w.Inbox()
	if len(inbox) != 1 || !strings.HasSuffix(inbox[0].Data, "\r\n\r\n"+large) {
		t.Errorf("%d messages arrived", len(inbox))
	}
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "smtpmend-*.eml")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
