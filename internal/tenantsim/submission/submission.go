// Package submission decides what Microsoft 365 decides behind its submission
// server: whether a sign-in is accepted and who may send as whom.
//
// The dialogue itself is package front's. Nothing here changes a tenant.
package submission

import (
	"context"
	"io"
	"net/mail"
	"slices"
	"strings"
	"sync"

	"smtpmend/internal/front"
	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/timeline"
)

// A Message is one that the submission server took.
type Message struct {
	Login string
	From  string // of the envelope
	To    []string
	Data  string
}

// An Attempt is a sign-in and what it got.
type Attempt struct {
	Mailbox, Mechanism string
	Outcome            front.Text
}

// A Backend decides by the state that has reached the submission server.
type Backend struct {
	exchange string // the audience of tokens for Exchange
	tenants  []*timeline.Timeline

	mu       sync.Mutex
	wrong    map[string]int // passwords in a row, by user
	servers  map[*front.Session]int
	openers  map[*front.Session]string // applications that have to open the mailbox
	next     int                       // front end
	inbox    []Message
	attempts []Attempt
}

var _ front.Backend = (*Backend)(nil)

// New returns the backend of these tenants, with exchange the audience of
// tokens for the simulated Exchange Online.
func New(exchange string, tenants []*timeline.Timeline) *Backend {
	return &Backend{exchange: exchange, tenants: tenants, wrong: make(map[string]int),
		servers: make(map[*front.Session]int), openers: make(map[*front.Session]string)}
}

// Forget starts the counts of wrong passwords anew.
func (b *Backend) Forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.wrong)
}

// Inbox returns the messages taken so far.
func (b *Backend) Inbox() []Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.inbox)
}

// Attempts returns the sign-ins so far, in order.
func (b *Backend) Attempts() []Attempt {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.attempts)
}

// Flavour is that of the replies: the first tenant's, as its first front end
// knows it.
func (b *Backend) Flavour() front.Flavour { return b.tenants[0].Submission(0).SMTP.Flavour }

// LegacyTLS reports whether clients on TLS 1.0 and 1.1 may sign in, by the
// same.
func (b *Backend) LegacyTLS() bool { return b.tenants[0].Submission(0).Org.LegacyTLS == "on" }

// Ended forgets the session.
func (b *Backend) Ended(s *front.Session) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.servers, s)
	delete(b.openers, s)
}

// server is the front end that the session came to.
func (b *Backend) server(s *front.Session) int {
	n, met := b.servers[s]
	if !met {
		n = b.next
		b.servers[s], b.next = n, n+1
	}
	return n
}

// home is the tenant of the user with that name, as the session's front end
// knows it: the one that has the user, else the one that has the domain, else
// the first.
func (b *Backend) home(s *front.Session, name string) (*timeline.Timeline, *state.State) {
	n := b.server(s)
	_, domain, _ := strings.Cut(name, "@")
	for _, ours := range []func(*state.State) bool{
		func(v *state.State) bool { return v.Holder(name) != nil },
		func(v *state.State) bool { return v.Named(domain) },
	} {
		for _, t := range b.tenants {
			if v := t.Submission(n); ours(v) {
				return t, v
			}
		}
	}
	return b.tenants[0], b.tenants[0].Submission(n)
}

// SignIn implements front.Backend.
func (b *Backend) SignIn(_ context.Context, s *front.Session, c front.Credentials) front.Reply {
	return front.Say(b.signIn(s, c).text, s.Flavour)
}

// signIn decides, counts wrong passwords and writes the log.
func (b *Backend) signIn(session *front.Session, c front.Credentials) decision {
	b.mu.Lock()
	defer b.mu.Unlock()
	tenant, s := b.home(session, c.User)
	name := strings.ToLower(c.User)
	user := name
	if u := s.Holder(name); u != nil {
		user = u.ID
	}
	d := b.decide(s, c)
	if limit := s.SMTP.Lockout; limit > 0 && b.wrong[user] >= limit && d.reached {
		d = decision{text: front.AccountLocked, code: 50053, reached: true}
	}
	switch {
	case d.code == 50126:
		b.wrong[user]++
	case d.reached && d.code == 0:
		delete(b.wrong, user)
	}
	if d.opener != "" {
		b.openers[session] = d.opener
	}
	b.attempts = append(b.attempts, Attempt{c.User, c.Mechanism, d.text})
	if d.reached {
		tenant.Record(state.SignIn{Mailbox: name, Code: d.code, Policies: d.policies})
	}
	return d
}

// Message implements front.Backend.
func (b *Backend) Message(s *front.Session, r io.Reader) front.Reply {
	data, err := io.ReadAll(r)
	if err != nil {
		return front.Temporary
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	_, view := b.home(s, s.User.Reveal())
	if opener, needed := b.openers[s]; needed {
		app, u := view.App(opener), view.Holder(s.User.Reveal())
		if app == nil || u == nil || !app.MayOpen(u) {
			return front.Say(front.LogonFailed, s.Flavour)
		}
	}
	for _, from := range senders(s.From, string(data)) {
		if u := view.Holder(s.User.Reveal()); u == nil || !u.Among([]string{from}) && !contains(u.SendAs, from) {
			reply := front.Say(front.SendAsDenied, s.Flavour)
			reply.Text = strings.ReplaceAll(reply.Text, "{from}", from)
			return reply
		}
	}
	b.inbox = append(b.inbox, Message{Login: s.User.Reveal(), From: s.From, To: s.To, Data: string(data)})
	return front.Say(front.MessageOK, s.Flavour)
}

// senders are the addresses that the message claims to be from: that of the
// envelope and those of the From field.
func senders(envelope, message string) []string {
	from := []string{envelope}
	m, err := mail.ReadMessage(strings.NewReader(message))
	if err != nil {
		return from
	}
	list, _ := m.Header.AddressList("From")
	for _, a := range list {
		from = append(from, a.Address)
	}
	return from
}

func contains(list []string, address string) bool {
	return slices.ContainsFunc(list, func(a string) bool { return strings.EqualFold(a, address) })
}
