package listen

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"smtpmend/internal/front"
	"smtpmend/probe"
)

// A Forward hands sign-ins and messages on to the service, through package
// probe, one upstream attempt for each sign-in of a device. Use NewForward.
type Forward struct {
	// Asks: a person can be asked to call Release.
	Asks bool

	target probe.Config
	key    []byte // of the hashes, new in each run
	now    func() time.Time

	mu       sync.Mutex
	accounts map[string]*account
	spent    []time.Time // when sign-ins of new accounts were handed on
}

// NewForward hands on to target.Server. Of target only what says where and
// how to connect is used; the rest is the device's.
func NewForward(target probe.Config) *Forward {
	key := make([]byte, sha256.Size)
	rand.Read(key) // never fails
	return &Forward{target: target, key: key, now: time.Now, accounts: map[string]*account{}}
}

func unanswered(rep *probe.Report) bool {
	return rep.Stage == probe.StageAuth && rep.Outcome == probe.Failed && !interrupted(rep)
}

// interrupted reports whether the end of smtpmend broke a probe off.
func interrupted(rep *probe.Report) bool {
	stage := rep.Decisive()
	return stage != nil && stage.Fault == probe.FaultInterrupted
}

// A relay is one probe under way on behalf of a device.
type relay struct {
	signedIn chan struct{}        // closed when the service accepted the sign-in
	letter   chan *probe.Envelope // at most one; closed when none comes
	done     chan struct{}        // closed when report is there
	report   *probe.Report
}

// hangUp ends what is under way for the session and keeps its report.
func (h *heard) hangUp() {
	r := h.relay
	if r == nil {
		return
	}
	h.relay = nil
	close(r.letter)
	<-r.done
	h.crash = cmp.Or(h.crash, r.report.Crash)
	if h.upstream = append(h.upstream, newUpstream(r.report)); len(h.upstream) > maxUpstream {
		h.upstream = slices.Delete(h.upstream, 0, 1)
		h.note("More sign-ins were handed on than are shown.")
	}
}

// maxUpstream is how many sign-ins at the service are kept of one session.
const maxUpstream = 4

// forgetInterrupted drops a sign-in that was broken off by the end of smtpmend
// and so tells nothing.
func (h *heard) forgetInterrupted() {
	last := len(h.upstream) - 1
	if last < 0 || !interrupted(h.upstream[last].Probe) {
		return
	}
	h.upstream, h.checked = h.upstream[:last], false
	h.note("A sign-in was being handed on when smtpmend ended; the service may have counted it.")
}

// signIn tries the device's credentials at the service, unless it refused the
// account before, and answers with the service's own words.
func (f *Forward) signIn(ctx context.Context, s *front.Session, h *heard, c front.Credentials, tell func(string, ...any)) front.Reply {
	h.hangUp()
	if s.Login != c.User { // it is no address
		h.checked = false
		h.note("The sign-in was not handed on: its user name may be the password.")
		return front.Say(front.SignInRefused, s.Flavour)
	}
	claim := f.claim(ctx, s.Host(), c)
	h.tried = max(h.tried, claim.number)
	h.held = nil
	if claim.turn != goes {
		return f.refrain(claim, s, h, tell)
	}
	tell("%s signs in as %s at %s", s.Host(), s.Login, f.target.Server)
	// Should the attempt crash, the service may have counted it: it is held.
	reply, refused := failedItself, f.crashed(c)
	defer func() {
		if f.decide(c.User, reply, refused) {
			tell("%s was refused; %s", s.Login, f.until("nothing more is sent for it"))
		}
	}()
	reply, refused = f.attempt(ctx, s, h, c)
	return reply
}

// refrain answers a sign-in that is not handed on.
func (f *Forward) refrain(c claim, s *front.Session, h *heard, tell func(string, ...any)) front.Reply {
	h.checked = len(h.upstream) > 0 // by what this session got
	switch {
	case c.turn == ending:
		h.checked = false
		return front.Temporary
	case c.turn == late:
		h.note("A sign-in was not handed on: accounts that were not accepted yet have %d a minute together.", maxNewPerMinute)
		return tooManySignIns
	case c.same:
		h.held = c.before
		h.note("These credentials were refused before and were not handed on again, so that the account is not locked.")
	default:
		h.note("A new password came for an account that was refused; %s, so that the account is not locked.", f.until("it was not handed on and waits"))
	}
	if c.first {
		tell("a new password for %s is waiting; %s", s.Login, f.until("nothing is sent"))
	}
	return accountHeld
}

// until says how long something lasts.
func (f *Forward) until(what string) string {
	if f.Asks {
		return what + " until you press Enter, then let the device send again"
	}
	return what + " until smtpmend is started again"
}

// attempt makes one sign-in at the service. refused is nil where it accepted.
func (f *Forward) attempt(ctx context.Context, s *front.Session, h *heard, c front.Credentials) (reply front.Reply, refused *Upstream) {
	r := f.start(ctx, c)
	h.relay = r
	select {
	case <-r.signedIn:
		return front.Say(front.SignedIn, s.Flavour), nil
	case <-r.done:
	}
	reply = verdictReply(r.report)
	if r.report.Stage == probe.StageToken { // it was not sent
		reply = front.Say(front.SignInRefused, s.Flavour)
	}
	h.hangUp()
	return reply, h.upstream[len(h.upstream)-1]
}

// start begins a probe that waits for the device's message once it is signed
// in.
func (f *Forward) start(ctx context.Context, c front.Credentials) *relay {
	r := &relay{signedIn: make(chan struct{}), letter: make(chan *probe.Envelope, 1), done: make(chan struct{})}
	config := f.target
	config.Mailbox, config.Secret, config.Mechanism = c.User, c.Secret, c.Mechanism
	config.Await = func(ctx context.Context, _ *probe.Report) *probe.Envelope {
		close(r.signedIn)
		select {
		case e := <-r.letter: // nil once it is closed
			return e
		case <-ctx.Done():
			return nil
		}
	}
	go func() {
		defer close(r.done)
		r.report = probe.Run(ctx, config)
	}()
	return r
}

// submit hands the message on and answers with the service's own words.
func (f *Forward) submit(s *front.Session, h *heard, message io.Reader) front.Reply {
	r := h.relay
	if r == nil {
		h.note("A second message in one session was not handed on: each sign-in carries one.")
		return oneMessage
	}
	r.letter <- &probe.Envelope{From: s.From, To: s.To, Message: message}
	h.hangUp()
	if r.report.Stage == probe.StageAuth {
		return noAnswer // the service was gone before the message came
	}
	return verdictReply(r.report)
}

// ours marks replies of our own: the service's words would mislead.
const ours = "smtpmend: "

func ownReply(code int, status, words string) front.Reply {
	return front.Reply{Code: code, Text: status + " " + ours + words, Verbatim: true}
}

var (
	accountHeld = ownReply(451, "4.7.0", "the service refused this account; "+
		"nothing more is sent for it until a person says so")
	tooManySignIns = ownReply(451, "4.7.0", "too many sign-ins of new accounts; try again in a minute")
	noAnswer       = ownReply(451, "4.4.1", "the service gave no answer")
	oneMessage     = ownReply(451, "4.5.3", "one message for each sign-in; send the next in a session of its own")
)

// verdictReply is the reply that decided a probe, as the service sent it.
func verdictReply(rep *probe.Report) front.Reply {
	ex := rep.Last()
	if ex == nil || ex.Reply.Code < 200 || ex.Reply.Code < 400 && rep.Outcome != probe.Accepted {
		return noAnswer
	}
	return front.Reply{Code: ex.Reply.Code, Text: strings.Join(ex.Reply.Texts(), "\n"), Verbatim: true}
}
