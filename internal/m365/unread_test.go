package m365

import (
	"errors"
	"testing"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
)

// What the tenant has no answer to is no trouble; all else that keeps a fact
// from being read is, and says of which kind.
func TestUnreadTellsTrouble(t *testing.T) {
	row, _ := fact.Lookup(fact.UserSignInError)
	noLicence := noPremiumLog("x")
	for _, tt := range []struct {
		name string
		f    *cloudapi.Fault
		want error // nil for no trouble
	}{
		{"no licence for the log", noLicence, nil},
		{"undecided", undecided("a policy", "look"), nil},
		{"unavailable", &cloudapi.Fault{Kind: ErrUnreachable, What: "status 503"}, ErrUnreachable},
		{"no permission", &cloudapi.Fault{Kind: ErrPermission, What: "status 403"}, ErrPermission},
		{"lacks the value", cloudapi.NoValue("isEnabled"), ErrRefused},
	} {
		r := unread(cloudapi.Explain("did not give it", need(row, row.Read), cloudapi.Claims{}, tt.f))
		if r.Error == "" || r.Trouble == nil != (tt.want == nil) || !errors.Is(r.Trouble, tt.want) {
			t.Errorf("%s: %q, trouble %v, want %v", tt.name, r.Error, r.Trouble, tt.want)
		}
	}
}
