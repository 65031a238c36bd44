package remediate

import (
	"context"
	"errors"
	"maps"
	"testing"
	"time"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
	"smtpmend/internal/fact"
)

const (
	mailbox  = "scanner@contoso.com"
	tenantID = "11111111-2222-3333-4444-555555555555"
	objectID = "99999999-8888-7777-6666-555555555555"
)

// A fakeTenant holds facts in memory. It fails the test on a write that no
// plan allowed, and calls hook around every call, so that a test can cancel,
// look at the journal or die at any of them.
type fakeTenant struct {
	t        *testing.T
	id       string
	facts    map[fact.Name]string
	unread   map[fact.Name]string // why a fact cannot be read
	allowed  []Change
	trouble  error // the failure behind what cannot be read
	writeErr error // answer to every write
	lose     bool  // carry the write out all the same
	hook     func(call string)
	reads    int
	writes   []string
	signedIn time.Time // when the newest sign-in record was made
	subject  fact.Subject
}

func newTenant(t *testing.T, facts map[fact.Name]string) *fakeTenant {
	return &fakeTenant{
		t: t, id: tenantID, facts: maps.Clone(facts), unread: map[fact.Name]string{}, hook: func(string) {},
		subject: fact.Subject{
			TenantID: tenantID, Domain: "contoso.com", Organisation: "Contoso", Account: "admin@contoso.com",
			Mailbox: fact.Object{ID: objectID, Name: mailbox}, User: fact.Object{ID: objectID, Name: mailbox},
		},
	}
}

func (f *fakeTenant) ID() string      { return f.id }
func (f *fakeTenant) Name() string    { return "contoso.com" }
func (f *fakeTenant) Account() string { return "admin@contoso.com" }

func (f *fakeTenant) Subject(context.Context) fact.Subject { return f.subject }

func (f *fakeTenant) Read(ctx context.Context, names ...fact.Name) fact.Evidence {
	f.hook("before read")
	f.reads++
	var e fact.Evidence
	for _, name := range names {
		r := fact.Reading{Fact: name, Value: f.facts[name], Error: f.unread[name]}
		if ctx.Err() != nil {
			r.Error = ctx.Err().Error()
		}
		if r.Error != "" || r.Value == "" {
			r.Value, r.Error, r.Trouble = "", "cannot read: "+r.Error, f.trouble
		}
		e = append(e, r)
	}
	f.hook("after read")
	return e
}

func (f *fakeTenant) Write(ctx context.Context, name fact.Name, value string) error {
	f.hook("before write")
	defer f.hook("after write")
	if ctx.Err() != nil {
		return errors.Join(fact.ErrUncertain, ctx.Err())
	}
	f.permitted(name, value)
	f.writes = append(f.writes, string(name)+"="+value)
	if f.writeErr == nil || f.lose {
		f.facts[name] = value
	}
	return f.writeErr
}

// permitted fails the test unless an approved plan, or the way back from one,
// holds the write and the fact is as that plan says.
func (f *fakeTenant) permitted(name fact.Name, value string) {
	f.t.Helper()
	for _, c := range f.allowed {
		if c.Fact == name && (c.To == value && c.From == f.facts[name] || c.From == value && holds(name, c.To, f.facts[name])) {
			return
		}
	}
	f.t.Errorf("wrote %s = %s over %s, which no approved plan holds", name, value, f.facts[name])
}

// undo opens the journal at path and undoes it, approving everything.
func undo(t *testing.T, path string, tenant Tenant) *UndoResult {
	t.Helper()
	j, err := OpenJournal(t.Context(), path)
	if err != nil {
		return &UndoResult{Outcome: UndoFailed, Err: err}
	}
	u := &Undo{Journal: j, Tenant: tenant, Approve: func([]UndoneChange) (bool, error) { return true, nil }}
	return u.Run(t.Context())
}

// confirmed is a diagnosis that the tenant bears out.
func confirmed(f *fakeTenant, cause catalogue.Code, also ...catalogue.Code) diagnose.Diagnosis {
	d := diagnose.Diagnosis{Meaning: words.Meaning{Verdict: diagnose.Confirmed, Cause: cause}, Also: also}
	for name, value := range f.facts {
		d.Evidence = append(d.Evidence, fact.Reading{Fact: name, Value: value})
	}
	return d
}

// mailboxOff is a tenant with one fault, and the approved plan for it.
func mailboxOff(t *testing.T) (*fakeTenant, Plan) {
	t.Helper()
	f := newTenant(t, map[fact.Name]string{fact.MailboxSMTPAuth: "inherit", fact.OrgSMTPAuth: "off"})
	p, err := NewPlan(catalogue.SMTPAuthOffOrg, confirmed(f, catalogue.SMTPAuthOffOrg), mailbox, f.subject)
	if err != nil {
		t.Fatal(err)
	}
	f.allowed = p.Changes
	return f, p
}
