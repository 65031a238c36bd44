package listen

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"smtpmend/internal/front"
)

// Bounds on what is sent to the service for accounts that it has not accepted
// in this run, all of them together, and on what is remembered of accounts.
const (
	maxNewPerMinute = 10
	maxAccounts     = 500
	maxPasswords    = 200 // that are told apart, of one account
)

// A fingerprint stands for credentials, which are not kept themselves.
type fingerprint [sha256.Size]byte

// An account is what is known of a login in this run.
type account struct {
	busy     chan struct{} // closed when the sign-in under way is decided, nil for none
	accepted bool
	refused  *Upstream   // why nothing more is sent, nil where something may be
	with     fingerprint // of what was refused
	waiting  bool        // another password came since
	tried    []attempt
}

// An attempt is a password that a device gave.
type attempt struct {
	peer string
	sum  fingerprint
}

// number counts the passwords that a device has given for the account, this
// one included; at maxPasswords they are told apart no more.
func (a *account) number(peer string, sum fingerprint) int {
	if now := (attempt{peer, sum}); len(a.tried) < maxPasswords && !slices.Contains(a.tried, now) {
		a.tried = append(a.tried, now)
	}
	n := 0
	for _, t := range a.tried {
		if t.peer == peer {
			n++
		}
	}
	return n
}

// A turn is what may become of a sign-in.
type turn int

const (
	goes   turn = iota // it is handed on
	held               // the service refused the account
	late               // too many accounts are new
	ending             // smtpmend ends
)

// A claim is the answer to a sign-in that asks to be handed on.
type claim struct {
	turn   turn
	before *Upstream // what the service said to the account, of one that is held
	same   bool      // to the same credentials
	first  bool      // they are the first others since
	number int       // as of account.number
}

// Release lets one more sign-in of each account that was refused be handed on,
// and returns their number. Only a person may decide that: repeated refusals
// lock accounts.
func (f *Forward) Release() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, a := range f.accounts {
		if a.refused != nil {
			a.refused, a.waiting = nil, false
			n++
		}
	}
	return n
}

func (f *Forward) fingerprint(c front.Credentials) (sum fingerprint) {
	mac := hmac.New(sha256.New, f.key)
	io.WriteString(mac, strings.ToLower(c.User)+"\x00"+c.Secret.Reveal())
	mac.Sum(sum[:0])
	return sum
}

// claim waits until no other sign-in of the account is under way: it may be
// refused.
func (f *Forward) claim(ctx context.Context, peer string, c front.Credentials) claim {
	sum := f.fingerprint(c)
	for {
		answer, wait := f.tryClaim(peer, strings.ToLower(c.User), sum)
		if wait == nil {
			return answer
		}
		select {
		case <-wait:
		case <-ctx.Done():
			return claim{turn: ending}
		}
	}
}

// tryClaim is claim, or what to wait for.
func (f *Forward) tryClaim(peer, user string, sum fingerprint) (answer claim, wait <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a := f.accounts[user]
	switch {
	case a == nil && !f.admits():
		return claim{turn: late}, nil
	case a == nil:
		a = &account{}
		f.accounts[user] = a
	case a.busy != nil:
		return claim{}, a.busy
	}
	answer.number = a.number(peer, sum)
	switch {
	case a.refused != nil:
		answer.turn, answer.before, answer.same = held, a.refused, a.with == sum
		answer.first = !answer.same && !a.waiting
		a.waiting = a.waiting || !answer.same
		return answer, nil
	case !a.accepted && !f.spends():
		answer.turn = late
		return answer, nil
	}
	a.busy, a.with = make(chan struct{}), sum
	return answer, nil
}

// admits reports whether one more account can be remembered, and forgets those
// that say nothing.
func (f *Forward) admits() bool {
	if len(f.recent()) >= maxNewPerMinute {
		return false
	}
	if len(f.accounts) >= maxAccounts {
		maps.DeleteFunc(f.accounts, func(_ string, a *account) bool {
			return a.busy == nil && a.refused == nil && !a.accepted
		})
	}
	return len(f.accounts) < maxAccounts
}

// spends takes one of the sign-ins that accounts share which were not accepted
// yet, or reports that none is left.
func (f *Forward) spends() bool {
	if len(f.recent()) >= maxNewPerMinute {
		return false
	}
	f.spent = append(f.spent, f.now())
	return true
}

// recent are the sign-ins of the last minute.
func (f *Forward) recent() []time.Time {
	since := f.now().Add(-time.Minute)
	f.spent = slices.DeleteFunc(f.spent, func(t time.Time) bool { return !t.After(since) })
	return f.spent
}

// decide ends a sign-in that was handed on. An account is held after a
// permanent refusal, and after silence in answer to a password: it may have
// been refused all the same. refused is nil where the service accepted.
func (f *Forward) decide(user string, reply front.Reply, refused *Upstream) (holds bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	a := f.accounts[strings.ToLower(user)]
	switch {
	case refused == nil:
		a.accepted = true
	case reply.Code >= 500 || unanswered(refused.Probe):
		a.refused, holds = refused, true
	}
	close(a.busy)
	a.busy = nil
	return holds
}
