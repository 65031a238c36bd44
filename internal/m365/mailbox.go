package m365

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"sync"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// A found is what a Get cmdlet of Exchange gave for the mailbox.
type found struct {
	object   cloudapi.Object
	identity string // that it was found by
	err      error
}

func (l found) absent() bool {
	f, ok := errors.AsType[*cloudapi.Fault](l.err)
	return ok && f.Code == cloudapi.NoSuchObject
}

// lookup runs a Get cmdlet for the address, and for the address without its
// tag where the whole of it finds nothing.
func (r *reads) lookup(ctx context.Context, cmdlet string) found {
	identities := []string{r.mailbox, withoutTag(r.mailbox)}
	if r.identity != "" {
		identities = []string{r.identity}
	}
	var l found
	for _, identity := range identities {
		if identity == "" {
			break
		}
		object, err := r.cmdlets.Get(ctx, cmdlet, identity)
		if l = (found{object, identity, err}); !l.absent() {
			break
		}
	}
	return l
}

// A foundMailbox is the mailbox as Exchange knows it.
type foundMailbox struct {
	fact.Object
	known     bool // it need not be asked for again
	identity  string
	principal string          // the user's principal name, as Exchange knows it
	object    cloudapi.Object // nil when there is none
}

// findMailbox asks the three cmdlets that know the mailbox, and believes what
// they say of one and the same object. Exchange resolves loosely: what comes
// back counts only when it bears the address.
func (r *reads) findMailbox() foundMailbox {
	var all sync.WaitGroup
	looks := make([]found, 3)
	for i, ask := range []func() found{r.casMailbox, r.mailboxObject, r.exchangeUser} {
		all.Go(func() {
			err := guard("finding the mailbox", func() error { looks[i] = ask(); return nil })
			if err != nil {
				looks[i] = found{err: err}
			}
		})
	}
	all.Wait()
	main := looks[0]
	if main.err != nil && looks[1].err == nil {
		main = looks[1]
	}
	if main.err != nil {
		return r.noMailbox(main.err, looks)
	}
	m := foundMailbox{known: true, identity: main.identity, object: main.object}
	for _, other := range looks {
		if other.err == nil && identify(main.object).contradicts(identify(other.object)) {
			m.Name = name(main.object)
			m.Err = cloudapi.Errorf(errNoMore, "Exchange Online resolved %s to two objects, %s and %s: give the address of the mailbox that is meant",
				r.mailbox, m.Name, name(other.object))
			return m
		}
	}
	m.fill(looks)
	if !within(m.addresses(looks), m.identity) {
		m.Err = notAmong(fact.APIExchange, m.identity, m.Name)
	}
	return m
}

// noMailbox says why there is no mailbox to speak of.
func (r *reads) noMailbox(err error, looks []found) foundMailbox {
	m := foundMailbox{known: !mayPass(err)}
	m.Err = r.explainUnknown("the mailbox "+r.mailbox, fact.MailboxSMTPAuth, err)
	if user := looks[2]; user.err == nil && within(addresses(user.object), user.identity) {
		m.principal = text(user.object, "UserPrincipalName")
	}
	return m
}

// fill takes what names the mailbox from whichever of the answers has it.
func (m *foundMailbox) fill(looks []found) {
	for _, l := range m.same(looks) {
		ids := identify(l)
		m.ID = cmp.Or(m.ID, ids.directory)
		m.principal = cmp.Or(m.principal, text(l, "UserPrincipalName"))
	}
	m.Name = name(m.object)
}

// same are the answers about the mailbox's own object: itself, and those that
// share an id with it. Where the mailbox names no address at all, an answer
// without an id counts too, for it was found by the same name.
func (m *foundMailbox) same(looks []found) []cloudapi.Object {
	own := identify(m.object)
	list := []cloudapi.Object{m.object}
	for _, l := range looks {
		if l.err != nil {
			continue
		}
		ids := identify(l.object)
		mute := len(addresses(m.object)) == 0 && (own == objectIDs{} || ids == objectIDs{})
		if ids.agrees(own) || mute {
			list = append(list, l.object)
		}
	}
	return list
}

func (m *foundMailbox) addresses(looks []found) []string {
	var list []string
	for _, o := range m.same(looks) {
		list = append(list, addresses(o)...)
	}
	return list
}

// own returns what a lookup gave when it is about the mailbox or its user, and
// else why it is not read.
func (r *reads) own(l found) (cloudapi.Object, error) {
	if l.err != nil {
		return nil, l.err
	}
	s := r.who()
	m := s.mailbox
	switch {
	case s.err != nil:
		return nil, &unproven{s.err}
	case m.Err == nil && identify(l.object).contradicts(identify(m.object)):
		return nil, &unproven{notAmong(fact.APIExchange, r.mailbox, name(l.object))}
	case m.Err != nil && !within(addresses(l.object), l.identity):
		return nil, &unproven{m.Err}
	}
	return l.object, nil
}

// objectIDs are the ids that Exchange gives an object, in lower case.
type objectIDs struct{ directory, exchange string }

func identify(o cloudapi.Object) objectIDs {
	return objectIDs{strings.ToLower(text(o, "ExternalDirectoryObjectId")), strings.ToLower(text(o, "Guid"))}
}

// agrees reports whether both are known to be of one object; the id in the
// directory decides where both have it.
func (a objectIDs) agrees(b objectIDs) bool {
	if a.directory != "" && b.directory != "" {
		return a.directory == b.directory
	}
	return a.exchange != "" && a.exchange == b.exchange
}

// contradicts reports whether they are known to be of two objects.
func (a objectIDs) contradicts(b objectIDs) bool {
	comparable := a.directory != "" && b.directory != "" || a.exchange != "" && b.exchange != ""
	return comparable && !a.agrees(b)
}

// text is a property that is a text, "" for anything else: for what names an
// object, where nothing follows from its absence.
func text(o cloudapi.Object, property string) string {
	s, _ := o[property].(string)
	return cloudapi.Clean(s)
}

// addresses are the mail addresses and the sign-in name of an object, the
// primary address first.
func addresses(o cloudapi.Object) []string {
	var proxies []string
	list, _ := o["EmailAddresses"].([]any)
	for _, entry := range list {
		if s, ok := entry.(string); ok {
			proxies = append(proxies, s)
		}
	}
	var all []string
	for _, a := range append([]string{text(o, "PrimarySmtpAddress")}, append(mailAddresses(proxies), text(o, "UserPrincipalName"))...) {
		if a != "" {
			all = append(all, a)
		}
	}
	return all
}

// name is what an object is called by.
func name(o cloudapi.Object) string {
	if all := addresses(o); len(all) > 0 {
		return cloudapi.Clean(all[0])
	}
	return cmp.Or(text(o, "Identity"), text(o, "Name"), "a mailbox without a name")
}
