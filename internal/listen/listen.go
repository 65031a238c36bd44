// Package listen stands in for Microsoft's submission server, so that a device
// can be heard, and says what the device really does.
//
// It holds no accounts: a password is right until the service says otherwise,
// where sign-ins are handed on. It keeps no password and, unless a directory
// is named for it, no message.
package listen

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"smtpmend/internal/front"
	"smtpmend/probe"
)

// A Config says how to listen. TLS must be set.
type Config struct {
	TLS         *tls.Config // with the certificate
	ImplicitTLS bool        // expect TLS before the greeting
	// Count ends after that many sessions; 0 is never.
	Count int
	// Save is the directory for messages; "" keeps none.
	Save string
	// SaveBytes bounds what Save gets in one run; 0 is 1 GB.
	SaveBytes int64
	// Networks are served; the zero value is loopback alone.
	Networks Networks
	// Forward hands sign-ins on; nil hands on nothing.
	Forward *Forward
	// Limits replace the defaults of this package where they are not zero.
	Limits front.Limits
	// PlainGreeting is as in front.Config; 0 is ten seconds.
	PlainGreeting time.Duration
	// Report gets each session as it ends, one at a time.
	Report func(*Report)
	// Tell gets, at once, a sentence about something that a person should know
	// before a session ends, or that is no session; nil discards it. Calls come
	// one at a time.
	Tell func(sentence string)
}

// The limits of a listener, for a workshop rather than a data centre. A whole
// office may come from one address.
const (
	defaultSessions = 64 << 20 / sessionBytes
	defaultPerPeer  = 250
	defaultIdle     = 2 * time.Minute
	defaultSession  = 10 * time.Minute
)

// The bounds on memory and disk. A session takes at most sessionBytes beside
// the message under way, for the record of its dialogue, its envelope, TLS,
// buffers and stack; so all sessions take at most 64 MB. Messages wait on the
// disk.
const (
	sessionBytes = 128 << 10
	defaultSave  = 1 << 30
	waitingBytes = 1 << 30 // of all messages under way
)

func (c Config) limits() front.Limits {
	l := c.Limits
	l.Sessions = cmp.Or(l.Sessions, defaultSessions)
	l.PerPeer = cmp.Or(l.PerPeer, defaultPerPeer)
	l.Idle = cmp.Or(l.Idle, defaultIdle)
	l.Session = cmp.Or(l.Session, defaultSession)
	return l
}

// Serve hears devices that connect to l until ctx ends or Config.Count
// sessions were reported, and returns nil then. It closes l.
func Serve(ctx context.Context, l net.Listener, c Config) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	b := &listener{
		config: c, enough: cancel,
		saves: quota{left: cmp.Or(c.SaveBytes, defaultSave)}, waits: quota{left: waitingBytes},
	}
	gate := &gate{networks: c.Networks, tell: b.tell}
	defer gate.sum()
	server := front.New(front.Config{
		Backend: b, TLS: c.TLS, ImplicitTLS: c.ImplicitTLS,
		PlainGreeting: cmp.Or(c.PlainGreeting, 10*time.Second),
		Limits:        c.limits(), Stranger: gate.stranger, OnFull: gate.full,
		OnCredentials: b.credentials, OnSender: b.sender, OnEnded: b.ended,
	})
	defer context.AfterFunc(ctx, func() { server.Close() })()
	err := server.Serve(l)
	return cmp.Or(err, server.Close())
}

// heard is what a session said besides what front.Session holds.
type heard struct {
	overheard  bool // credentials came, in whatever mechanism
	complete   bool // a whole sign-in came, in one that Microsoft takes
	checked    bool // and Microsoft would have checked it
	token      bool
	password   Password
	foreign    bool     // a sender was not the login
	broken     bool     // the last message did not come whole
	headerFrom string   // of the last message
	saved      []string // the first of them
	kept       int      // how many messages were saved
	notes      []string
	relay      *relay    // under way
	held       *Upstream // why the last sign-in was not handed on again
	upstream   []*Upstream
	tried      int    // the most passwords of the device for one account
	crash      string // text and stack of a panic
}

// note keeps a sentence for the report, once.
func (h *heard) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if len(h.notes) < maxNotes && !slices.Contains(h.notes, text) {
		h.notes = append(h.notes, text)
	}
}

// maxNotes is more than there are sentences but for those that name a file.
const maxNotes = 20

// sends takes note of an address that a message claims to be from.
func (h *heard) sends(login, address string) {
	if address != "" && strings.Contains(login, "@") && !strings.EqualFold(address, login) {
		h.foreign = true
	}
}

// asked returns what the service itself said to the device's message, nil
// when none was handed on.
func (h *heard) asked() *Upstream {
	if len(h.upstream) == 0 {
		return nil
	}
	last := h.upstream[len(h.upstream)-1]
	switch last.Probe.Stage {
	case probe.StageMail, probe.StageRcpt, probe.StageData:
		return last
	}
	return nil
}

// A listener is the backend of the front end.
type listener struct {
	config Config
	enough func()

	saves, waits quota

	telling sync.Mutex

	reporting sync.Mutex
	reported  int
}

var _ front.Backend = (*listener)(nil)

func of(s *front.Session) *heard {
	if s.Backend == nil {
		s.Backend = &heard{}
	}
	return s.Backend.(*heard)
}

func (b *listener) tell(format string, args ...any) {
	b.telling.Lock()
	defer b.telling.Unlock()
	if b.config.Tell != nil {
		b.config.Tell(fmt.Sprintf(format, args...))
	}
}

func (b *listener) credentials(s *front.Session, c front.Credentials) {
	h := of(s)
	defer h.survive(nil)
	h.overheard = true
	h.complete = h.complete || s.TLS != nil && front.Offers(c.Mechanism)
	h.token = c.Mechanism == "XOAUTH2"
	h.password = describe(c.Secret)
}

// SignIn implements front.Backend.
func (b *listener) SignIn(ctx context.Context, s *front.Session, c front.Credentials) (reply front.Reply) {
	h := of(s)
	defer h.survive(&reply)
	switch h.checked = !c.Secret.Empty(); {
	case !h.checked && h.token:
		return front.Say(front.SignInRefused, s.Flavour)
	case !h.checked:
		return front.Say(front.ProxyFailed, s.Flavour)
	}
	if b.config.Forward == nil {
		return front.Say(front.SignedIn, s.Flavour)
	}
	return b.config.Forward.signIn(ctx, s, h, c, b.tell)
}

func (b *listener) sender(s *front.Session) {
	h := of(s)
	defer h.survive(nil)
	h.sends(s.Login, s.From)
}

// ended reports a session.
func (b *listener) ended(s *front.Session) {
	h := of(s)
	h.survives(func() {
		h.hangUp()
		if cutOff(s) {
			h.forgetInterrupted()
		}
	})
	b.reporting.Lock()
	defer b.reporting.Unlock()
	var r *Report
	if !h.survives(func() { r = newReport(s, h) }) { // one at a time, for the memory that it takes
		r = bareReport(s, h)
	}
	if b.config.Count > 0 && b.reported >= b.config.Count {
		return
	}
	b.reported++
	if b.reported == b.config.Count {
		defer b.enough()
	}
	if !h.survives(func() { b.config.Report(r) }) {
		b.config.Report(bareReport(s, h))
	}
}
