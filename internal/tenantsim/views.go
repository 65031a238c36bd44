package tenantsim

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"smtpmend/internal/front"
)

// A view is a state and the time at which it reaches the submission server.
type view struct {
	from  time.Time
	state *State
}

// State returns a copy of the state as the admin APIs see it. The sign-ins
// of this run are not in it.
func (t *Tenant) State() *State { return t.current().Clone() }

// SetState replaces the state for the APIs and for SMTP at once, and forgets
// the sign-ins, faults and counts of before. It must be valid.
func (t *Tenant) SetState(s *State) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.state = s.Clone()
	t.views = []view{{state: t.state}}
	t.signIns = nil
	t.wrong = make(map[string]int)
	t.faults, t.hits = t.state.Faults, make([]int, len(t.state.Faults))
}

// Change changes the state as an administrator of the tenant would: visible
// to the APIs at once and to SMTP after the propagation time.
func (t *Tenant) Change(f func(*State)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	next := t.state.Clone()
	f(next)
	t.state = next
	t.views = append(t.views, view{time.Now().Add(next.SMTP.Propagation.Duration), next})
}

func (t *Tenant) current() *State {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.state
}

// smtpView is the newest state that has reached the submission server. It
// must not be changed.
func (t *Tenant) smtpView() *State {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.smtpViewLocked()
}

func (t *Tenant) smtpViewLocked() *State {
	now := time.Now()
	for len(t.views) > 1 && !t.views[1].from.After(now) {
		t.views = t.views[1:]
	}
	return t.views[0].state
}

// signIn decides over SMTP, counts wrong passwords and writes the log.
func (t *Tenant) signIn(c front.Credentials) decision {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.smtpViewLocked()
	mailbox := strings.ToLower(c.User)
	d := s.decide(c)
	if limit := s.SMTP.Lockout; limit > 0 && t.wrong[mailbox] >= limit && d.reached {
		d = decision{text: front.AccountLocked, code: 50053, reached: true}
	}
	switch {
	case d.code == 50126:
		t.wrong[mailbox]++
	case d.reached && d.code == 0:
		delete(t.wrong, mailbox)
	}
	t.attempts = append(t.attempts, Attempt{c.User, c.Mechanism, d.text})
	if d.reached {
		t.signIns = append(t.signIns, SignIn{
			ID:      fmt.Sprintf("66ea54eb-0000-0000-0000-%012d", len(t.signIns)+1),
			Time:    time.Now().UTC(),
			Mailbox: mailbox, Code: d.code, Policies: d.policies,
		})
	}
	return d
}

// SignIns returns the records of the sign-in log that can be read by now,
// the newest first.
func (t *Tenant) SignIns() []SignIn {
	t.mu.Lock()
	defer t.mu.Unlock()
	visible := time.Now().Add(-t.state.SignInLog.Delay.Duration)
	records := slices.Clone(t.state.SignInLog.Records)
	for _, r := range t.signIns {
		if !r.Time.After(visible) {
			records = append(records, r)
		}
	}
	slices.SortStableFunc(records, func(a, b SignIn) int {
		return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(b.ID, a.ID))
	})
	return records
}
