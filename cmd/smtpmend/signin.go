package main

import (
	"context"
	"errors"
	"strings"

	"smtpmend/internal/m365"
	"smtpmend/remediate"
)

// What an administrator signs in for, and the least role that does.
const (
	toRead = "to read the tenant's settings (role Global Reader)"
	toMend = "to read the tenant's settings (role Global Reader) and to make the change that you approve (the plan names its role)"
)

// askToSignIn says as whom to sign in, for what and where, and how to go on
// without.
func (a *app) askToSignIn(f adminFlags, mailbox string) func(m365.DevicePrompt) {
	return func(p m365.DevicePrompt) {
		purpose := toRead
		if f.mends {
			purpose = toMend
		}
		whose := "the tenant" // that --tenant names, or the person's own
		if _, domain, ok := strings.Cut(mailbox, "@"); ok {
			whose = domain
		} else if f.tenant != "" {
			whose = f.tenant
		}
		a.note("sign in to %s as an administrator of %s, %s", p.API, a.t(whose), a.t(purpose))
		if p.Browser {
			a.note("the browser opens the sign-in page of %s; if it does not, open %s", p.Host, p.URL)
		} else {
			if p.Instead != "" {
				a.note("with a code in place of the browser: %s", a.t(p.Instead))
			}
			a.note("open %s in any browser and enter the code %s; it comes from %s", p.URL, p.Code, p.Host)
		}
		if mailbox == "" {
			a.note("Ctrl-C ends the waiting")
			return
		}
		a.note("Ctrl-C ends the waiting; --auth none goes on without a sign-in, by the reply alone")
	}
}

// signedIn says, once somebody is, who that is and what the tokens do not
// allow. Its error is a sign-in that opens nothing.
func (a *app) signedIn(f adminFlags, mailbox string) func(*m365.Tenant) error {
	return func(t *m365.Tenant) error {
		if err := t.Blind(); err != nil {
			return err
		}
		if _, told := a.signedInTo.LoadOrStore(t.ID(), true); told {
			return nil // by another mailbox of this run
		}
		lacks := t.Rights(f.mends)
		switch who := t.Account(); {
		case lacks != "":
			a.note("signed in as %s in %s; %s", who, t.Name(), a.t(lacks))
		case strings.Contains(who, "@"): // a person; an application is what was set
			a.note("signed in as %s in %s", who, t.Name())
		}
		return nil
	}
}

// signInFirst signs in before the mailbox's password is used for a plan that
// nobody could make. Another tenant than the mailbox's is told with the answer.
func signInFirst(ctx context.Context, ten *tenant) error {
	if ten == nil {
		return nil
	}
	err := ten.open(ctx)
	switch {
	case err == nil, errors.Is(err, remediate.ErrOtherTenant):
		return nil
	case ctx.Err() != nil:
		return errors.New("interrupted at the sign-in")
	}
	return err
}
