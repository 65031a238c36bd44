package m365

import (
	"cmp"
	"context"
	"errors"
	"sync"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// Subject finds out whose facts they are. It is asked once a run and
// remembered; what failed in a way that may pass is asked again by the next
// call. Nothing of a Tenant is written but what it proves.
func (t *Tenant) Subject(ctx context.Context) fact.Subject {
	s := fact.Subject{TenantID: t.id, Domain: t.domain, Account: t.Account(), Visiting: t.Visiting()}
	r, err := t.newReads(ctx)
	if err == nil {
		who := r.who()
		s.Organisation, s.Mailbox, s.User, err = who.organisation, who.mailbox.Object, who.user.Object, who.err
	}
	if err != nil {
		s.Mailbox.Err, s.User.Err = err, err
	}
	return s
}

// A subject is what is known of the mailbox and its user.
type subject struct {
	organisation string
	mailbox      foundMailbox
	user         foundUser
	err          error // why nothing is to be read or written at all
}

// unproven is why a fact was not read although it could be: nobody knows whose
// it would be. Its text is a sentence of its own.
type unproven struct{ error }

func (u *unproven) Unwrap() error { return u.error }

// find asks for what is not known yet.
func (r *reads) find(ctx context.Context) subject {
	r.asking.Lock()
	defer r.asking.Unlock()
	s := r.subject
	s.organisation, s.err = r.Tenant.organisation(ctx)
	if s.err != nil {
		return s
	}
	var exchange sync.WaitGroup
	if !s.mailbox.known {
		exchange.Go(func() {
			err := guard("finding the mailbox", func() error { s.mailbox = r.findMailbox(); return nil })
			if err != nil {
				s.mailbox = foundMailbox{Object: fact.Object{Err: err}}
			}
		})
	}
	if !s.user.known {
		err := guard("finding the user", func() error {
			s.user = r.findUser(ctx, func() foundMailbox { exchange.Wait(); return s.mailbox })
			return nil
		})
		if err != nil {
			s.user = foundUser{Object: fact.Object{Err: err}}
		}
	}
	exchange.Wait()
	r.subject = s
	s.user.Err = s.oneObject()
	return s
}

// oneObject returns why the user is not proven: for a reason of its own, or
// because the mailbox may belong to another object. The id in the directory
// tells; where Exchange does not give it, what no two objects of a tenant share
// does: the principal name, or else the primary address.
func (s subject) oneObject() error {
	m, u := s.mailbox, s.user
	if u.Err != nil || m.Err != nil {
		return u.Err
	}
	same, by := m.ID == u.ID, "id "+cmp.Or(m.ID, "unknown")
	switch {
	case m.ID != "":
	case m.principal != "" && u.principal != "":
		same, by = sameAddress(m.principal, u.principal), "sign-in name "+m.principal
	default:
		same = within(u.primary, m.Name)
	}
	if same {
		return nil
	}
	return cloudapi.Errorf(errNoMore, "Exchange Online and Microsoft Graph may know two objects by this address: the mailbox %s (%s) and the user %s (%s); give the address that belongs to one alone",
		m.Name, by, u.Name, u.ID)
}

// explainUnknown says why it is not known which object an address belongs to.
func (t *Tenant) explainUnknown(what string, name fact.Name, err error) error {
	if errors.Is(err, ErrCrash) {
		return err
	}
	row, _ := fact.Lookup(name)
	return cloudapi.Explain("did not give "+what, need(row, row.Read), t.service(row.API).Claims(), cloudapi.AsFault(err))
}

// notAmong is the error of an object that was given for an address which it
// does not bear.
func notAmong(api, typed, found string) error {
	return cloudapi.Errorf(errNoMore, "%s resolved %s to %s: the one address is none of the other's; give the address of the mailbox that is meant",
		api, typed, found)
}
