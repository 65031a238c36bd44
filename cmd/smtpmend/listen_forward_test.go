package main

import (
	"encoding/json"
	"strings"
	"testing"

	"smtpmend/diagnose"
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
		cause              diagnose.Code
	}{
		{"healthy", "", "", exitOK, ""},
		{"healthy", "Wr0ng+password", "the user credentials were incorrect", exitCause, diagnose.BadCredentials},
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
			err := submit(t, s.addr, tenantsim.Mailbox, password)
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
	s := startStand(t, "--count", "3", "--forward", "--cloud-file", w.EndpointFile())
	var told [3]string
	for i := range told {
		err := submit(t, s.addr, tenantsim.Mailbox, "Wr0ng+password")
		if err == nil {
			t.Fatal("accepted")
		}
		told[i] = err.Error()
	}
	s.wait()
	if n := len(w.Attempts()); n != 1 {
		t.Errorf("%d sign-ins at the service", n)
	}
	if told[0] != told[1] || told[1] != told[2] {
		t.Errorf("told %q", told)
	}
	if !strings.Contains(s.out.String(), "were not handed on again") || len(leaks(s.said(), []string{"Wr0ng+password"})) > 0 {
		t.Error(s.said())
	}
}
