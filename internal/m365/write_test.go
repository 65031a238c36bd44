package m365

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"smtpmend/internal/fact"
)

func TestWrite(t *testing.T) {
	for _, w := range writes {
		f := newFake(t)
		tenant := f.open(t)
		f.requests()
		if err := tenant.Write(t.Context(), w.fact, w.value); err != nil {
			t.Fatal(err)
		}
		sent := f.requests()
		if len(sent) != 1 || sent[0].Route != w.route || sent[0].Body != w.body {
			t.Errorf("%s: sent %+v, want %s %s", w.fact, sent, w.route, w.body)
		}
	}
}

// Unset is inherit, and inherit is written as unset.
func TestWriteInherit(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	f.requests()
	if err := tenant.Write(t.Context(), fact.MailboxSMTPAuth, "inherit"); err != nil {
		t.Fatal(err)
	}
	if sent := f.requests(); !strings.Contains(sent[0].Body, `"SmtpClientAuthenticationDisabled":null`) {
		t.Errorf("sent %s", sent[0].Body)
	}
}

// What smtpmend does not change is refused before any request, the
// organisation's switch above all.
func TestWriteRefusesTheRest(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	f.requests()
	for _, row := range fact.Table {
		values := []string{"", "on; off", "true"}
		if row.Write == nil {
			for _, v := range row.Values {
				values = append(values, v.Value)
			}
		}
		for _, v := range values {
			if err := tenant.Write(t.Context(), row.Name, v); !errors.Is(err, ErrNotWritable) {
				t.Errorf("Write(%s, %q) = %v", row.Name, v, err)
			}
		}
	}
	if err := tenant.Write(t.Context(), "org.nothing", "on"); !errors.Is(err, ErrNotWritable) {
		t.Errorf("unknown fact: %v", err)
	}
	if sent := f.requests(); len(sent) > 0 {
		t.Errorf("requests were sent: %+v", sent)
	}
}

// With read permissions alone everything is read, and a change at Graph stops
// before it is sent.
func TestWriteWithReadPermissions(t *testing.T) {
	f := newFake(t)
	f.claims["roles"] = []string{"Policy.Read.All", "User.Read.All", "AuditLog.Read.All", "LicenseAssignment.Read.All", "Exchange.ManageAsApp"}
	tenant := f.open(t)
	for _, got := range tenant.Read(t.Context(), allFacts()...) {
		if !got.Known() {
			t.Errorf("%+v", got)
		}
	}
	f.requests()
	for _, w := range writes[:2] {
		row, _ := fact.Lookup(w.fact)
		err := tenant.Write(t.Context(), w.fact, w.value)
		if !errors.Is(err, ErrPermission) || !strings.Contains(err.Error(), row.Write.Application[0]) {
			t.Errorf("%s: %v", w.fact, err)
		}
	}
	if sent := f.requests(); len(sent) > 0 {
		t.Errorf("sent %+v", sent)
	}
}

// A cmdlet that says it changed nothing is believed only when the value holds.
func TestSetThatChangedNothing(t *testing.T) {
	for _, header := range []bool{false, true} {
		f := newFake(t)
		tenant := f.open(t)
		warning := "The command completed successfully but no settings of 'scanner' have been modified."
		f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
			if route != "Set-CASMailbox" {
				return false
			}
			if header {
				respond(200, "application/json", `{"value":[]}`, "X-Warnings", warning)(w, r)
			} else {
				respond(200, "application/json", `{"@adminapi.warnings":["`+warning+`"],"value":[]}`)(w, r)
			}
			return true
		}
		f.set("Get-CASMailbox", writes[2].new)
		if err := tenant.Write(t.Context(), fact.MailboxSMTPAuth, "on"); err != nil {
			t.Errorf("the value holds already, and Write says %v", err)
		}
		f.set("Get-CASMailbox", writes[2].old)
		err := tenant.Write(t.Context(), fact.MailboxSMTPAuth, "on")
		if !errors.Is(err, ErrUncertain) || !strings.Contains(err.Error(), "nothing was changed") {
			t.Errorf("the value does not hold, and Write says %v", err)
		}
	}
}

// Ctrl-C in the middle of a change: what holds is asked all the same.
func TestInterruptedWriteReadsBack(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	ctx, cancel := context.WithCancel(t.Context())
	f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
		if route != "Set-CASMailbox" {
			return false
		}
		f.set("Get-CASMailbox", writes[2].new)
		cancel()
		<-r.Context().Done()
		return true
	}
	if err := tenant.Write(ctx, fact.MailboxSMTPAuth, "on"); err != nil {
		t.Errorf("the change took effect and Write says %v", err)
	}
}

// What cannot be read back is uncertain, and the sentence says why.
func TestReadBackFails(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(route, "-CASMailbox") {
			respond(503, "application/json", "")(w, r)
			return true
		}
		return false
	}
	err := tenant.Write(t.Context(), fact.MailboxSMTPAuth, "on")
	if !errors.Is(err, ErrUncertain) || !strings.Contains(err.Error(), "could not be read either") {
		t.Errorf("error = %v", err)
	}
}

// Entra makes "enforced" of "enabled" by itself; that is no failure.
func TestReadBackOfEnabledMFA(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	f.set(routeMFA, `{"perUserMfaState":"enforced"}`)
	f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
		if strings.HasPrefix(route, "PATCH") {
			respond(504, "application/json", "")(w, r)
			return true
		}
		return false
	}
	if err := tenant.Write(t.Context(), fact.UserPerUserMFA, "enabled"); err != nil {
		t.Error(err)
	}
}
