package submission

import (
	"testing"

	"smtpmend/internal/front"
	"smtpmend/internal/secret"
	"smtpmend/internal/tenantsim/state"
	"smtpmend/internal/tenantsim/timeline"
)

// A session keeps its front end while it lasts, and is forgotten then.
func TestSessionsAreForgotten(t *testing.T) {
	b := New("", []*timeline.Timeline{timeline.New(state.Default())})
	for n := range 3 {
		s := new(front.Session)
		for range 2 {
			b.SignIn(t.Context(), s, front.Credentials{User: state.Mailbox, Secret: secret.New("guess"), Mechanism: "LOGIN"})
			if got := b.servers[s]; got != n {
				t.Errorf("session %d came to front end %d", n, got)
			}
		}
		b.Ended(s)
	}
	if len(b.servers) > 0 {
		t.Errorf("%d sessions are kept", len(b.servers))
	}
}
