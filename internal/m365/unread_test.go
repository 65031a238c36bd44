package m365

import (
	"errors"
	"testing"

	"smtpmend/internal/fact"
)

// What the tenant has no answer to is no trouble; all else that keeps a fact
// from being read is, and says of which kind.
func TestUnreadTellsTrouble(t *testing.T) {
	row, _ := fact.Lookup(fact.UserSignInError)
	noLicence := graphRefusal(answer{status: 403, body: []byte(`{"error":{"code":"` + codeNoPremium + `","message":"x"}}`)})
	for _, tt := range []struct {
		name string
		f    *fault
		want error // nil for no trouble
	}{
		{"no licence for the log", noLicence, nil},
		{"undecided", undecided("a policy", "look"), nil},
		{"unavailable", serverFault(503, ""), ErrUnreachable},
		{"no permission", refused(403, ""), ErrPermission},
		{"lacks the value", noValue("isEnabled"), ErrRefused},
	} {
		r := unread(explain("did not give it", row, row.Read, claims{}, tt.f))
		if r.Error == "" || r.Trouble == nil != (tt.want == nil) || !errors.Is(r.Trouble, tt.want) {
			t.Errorf("%s: %q, trouble %v, want %v", tt.name, r.Error, r.Trouble, tt.want)
		}
	}
}
