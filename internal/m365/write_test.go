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
		tenant.Subject(t.Context())
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
	tenant.Subject(t.Context())
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
	f.claims["roles"] = []string{"Policy.Read.All", "User.Read.All", "AuditLog.Read.All", "LicenseAssignment.Read.All", "RoleManagement.Read.Directory", "Exchange.ManageAsApp"}
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

// A cmdlet that says that it changed nothing has accepted the value.
func TestSetThatChangedNothing(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	f.set("Set-CASMailbox", `{"@adminapi.warnings":["The command completed successfully but no settings of 'scanner' have been modified."],"value":[]}`)
	if err := tenant.Write(t.Context(), fact.MailboxSMTPAuth, "on"); err != nil {
		t.Error(err)
	}
}

// Errors beside a granted answer are words, whatever their shape, and leave
// open what was carried out.
func TestErrorsBesideAnAnswer(t *testing.T) {
	for errs, want := range map[string]string{
		`["it broke"]`:                             "it broke",
		`[{"code":"X","message":"it broke"}]`:      "it broke",
		`[{"code":"X"}]`:                           "error: X",
		`[{"code":"X","message":"a"},"b"]`:         "a; b",
		`{"code":"X","message":"not even a list"}`: "not even a list",
		`[{"a":{"b":1}}]`:                          "one without words",
		`[7]`:                                      "one without words",
	} {
		f := newFake(t)
		tenant := f.open(t)
		f.set("Set-CASMailbox", `{"value":[],"@adminapi.errors":`+errs+`}`)
		err := tenant.Write(t.Context(), fact.MailboxSMTPAuth, "on")
		if !errors.Is(err, ErrUncertain) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "map[") {
			t.Errorf("%s: %v", errs, err)
		}
	}
}

// Ctrl-C in the middle of a change leaves it uncertain; before it, nothing is
// sent.
func TestInterruptedWrite(t *testing.T) {
	f := newFake(t)
	tenant := f.open(t)
	tenant.Subject(t.Context())
	ctx, cancel := context.WithCancel(t.Context())
	f.fault = func(route string, w http.ResponseWriter, r *http.Request) bool {
		if route != "Set-CASMailbox" {
			return false
		}
		cancel()
		<-r.Context().Done()
		return true
	}
	if err := tenant.Write(ctx, fact.MailboxSMTPAuth, "on"); !errors.Is(err, ErrUncertain) || !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v", err)
	}
	f.requests()
	for _, w := range writes {
		if err := tenant.Write(ctx, w.fact, w.value); err == nil || errors.Is(err, ErrUncertain) {
			t.Errorf("%s: %v", w.fact, err)
		}
	}
	if sent := f.requests(); len(sent) > 0 {
		t.Errorf("sent %+v", sent)
	}
}
