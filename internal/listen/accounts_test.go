package listen

import (
	"context"
	"fmt"
	"testing"
	"time"

	"smtpmend/internal/dialogue"
	"smtpmend/internal/front"
	"smtpmend/internal/secret"
	"smtpmend/probe"
)

// A ledger is a Forward with a clock of its own and nothing behind it.
type ledger struct {
	*Forward
	t     *testing.T
	clock time.Time
}

func newLedger(t *testing.T) *ledger {
	l := &ledger{Forward: NewForward(probe.Config{Server: "127.0.0.1:25"}), t: t, clock: time.Unix(0, 0)}
	l.now = func() time.Time { return l.clock }
	return l
}

func (l *ledger) ask(user, password string) claim {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.t.Context(), 20*time.Second)
	defer cancel()
	return l.claim(ctx, "127.0.0.1", front.Credentials{Mechanism: "LOGIN", User: user, Secret: secret.New(password)})
}

// signIn asks and, where it may, has the service answer with that code.
func (l *ledger) signIn(user, password string, code int) turn {
	l.t.Helper()
	c := l.ask(user, password)
	if c.turn == goes {
		l.settle(user, code)
	}
	return c.turn
}

func (l *ledger) settle(user string, code int) {
	reply := front.Reply{Code: code}
	refused := &Upstream{Probe: &probe.Report{Stage: probe.StageAuth, Outcome: probe.Refused,
		Stages: []probe.Stage{{Name: probe.StageAuth, Exchanges: []probe.Exchange{{Reply: &dialogue.Reply{Code: code}}}}}}}
	if reply.Positive() {
		refused = nil
	}
	l.decide(user, reply, refused)
}

func (l *ledger) want(what string, got, want turn) {
	l.t.Helper()
	if got != want {
		l.t.Errorf("%s: %d, not %d", what, got, want)
	}
}

// A refusal holds the account, whatever the password and however the login is
// written, until a person lets one more go.
func TestARefusalHoldsTheAccount(t *testing.T) {
	l := newLedger(t)
	l.want("the first", l.signIn("a@contoso.com", "1", 535), goes)
	for i := range 20 {
		l.clock = l.clock.Add(time.Hour) // time alone changes nothing
		l.want("another", l.signIn("A@Contoso.com", fmt.Sprint(i), 535), held)
	}
	l.want("another account", l.signIn("b@contoso.com", "1", 235), goes)
	if n := l.Release(); n != 1 {
		t.Errorf("%d let go", n)
	}
	l.want("after Enter", l.signIn("a@contoso.com", "2", 535), goes)
	l.want("one only", l.signIn("a@contoso.com", "3", 235), held)
	l.Release()
	l.want("the right one", l.signIn("a@contoso.com", "3", 235), goes)
	l.want("again", l.signIn("a@contoso.com", "3", 235), goes)
	l.want("one that was accepted, and changes", l.signIn("a@contoso.com", "4", 535), goes)
	l.want("is held like any other", l.signIn("a@contoso.com", "3", 235), held)
}

// A temporary refusal holds nothing.
func TestATemporaryRefusalHoldsNothing(t *testing.T) {
	l := newLedger(t)
	l.want("the first", l.signIn("a@contoso.com", "1", 454), goes)
	l.want("the second", l.signIn("a@contoso.com", "1", 235), goes)
}

// The same credentials and others are told apart, and a person hears of others
// once.
func TestWhatWaits(t *testing.T) {
	l := newLedger(t)
	l.signIn("a@contoso.com", "1", 535)
	for i, tt := range []struct {
		password    string
		same, first bool
		number      int
	}{
		{"1", true, false, 1}, {"2", false, true, 2}, {"2", false, false, 2}, {"3", false, false, 3}, {"1", true, false, 3},
	} {
		if c := l.ask("a@contoso.com", tt.password); c.turn != held || c.before == nil || c.same != tt.same || c.first != tt.first || c.number != tt.number {
			t.Errorf("%d: %+v", i, c)
		}
	}
}

// Accounts that were not accepted share ten sign-ins a minute; one that was
// has its own.
func TestNewAccountsShareAMinute(t *testing.T) {
	l := newLedger(t)
	l.want("a known one", l.signIn("known@contoso.com", "1", 235), goes)
	l.clock = l.clock.Add(2 * time.Minute)
	for i := range maxNewPerMinute {
		l.want("within", l.signIn(fmt.Sprintf("%d@contoso.com", i), "1", 454), goes)
		l.clock = l.clock.Add(time.Second)
	}
	l.want("a new one", l.signIn("new@contoso.com", "1", 235), late)
	l.want("an old one", l.signIn("0@contoso.com", "1", 235), late)
	for range 20 {
		l.want("the known one", l.signIn("known@contoso.com", "1", 235), goes)
	}
	l.clock = l.clock.Add(50 * time.Second)
	l.want("as the first is a minute ago", l.signIn("new@contoso.com", "1", 235), goes)
	l.want("and no more", l.signIn("0@contoso.com", "1", 235), late)
}

// While one sign-in of an account is under way the others wait: it may be
// refused.
func TestOneAtATime(t *testing.T) {
	l := newLedger(t)
	l.want("the first", l.ask("a@contoso.com", "1").turn, goes)
	other := make(chan turn)
	go func() { other <- l.ask("a@contoso.com", "2").turn }()
	select {
	case got := <-other:
		t.Fatalf("did not wait: %d", got)
	case <-time.After(50 * time.Millisecond):
	}
	l.settle("a@contoso.com", 535)
	l.want("the second", <-other, held)
}

// What is remembered of accounts and passwords is bounded.
func TestAccountsAreBounded(t *testing.T) {
	l := newLedger(t)
	for i := range 3 * maxAccounts {
		l.clock = l.clock.Add(time.Minute)
		l.signIn(fmt.Sprintf("%d@contoso.com", i), "1", []int{454, 535}[i%2])
	}
	if n := len(l.accounts); n != maxAccounts {
		t.Errorf("%d accounts", n)
	}
	l = newLedger(t)
	for i := range 3 * maxPasswords {
		l.signIn("a@contoso.com", fmt.Sprint(i), 535)
	}
	if n := len(l.accounts["a@contoso.com"].tried); n != maxPasswords {
		t.Errorf("%d passwords", n)
	}
}
