package diagnose

import (
	"slices"
	"testing"

	"smtpmend/diagnose/catalogue"
)

// What a change for everybody may count as its effect: a refusal that comes
// later in the sign-in, or after it.
func TestStandsBehind(t *testing.T) {
	behind := []catalogue.Code{catalogue.PerUserMFA, catalogue.ConditionalAccess, catalogue.SuspiciousSignIn, catalogue.SendAsDenied, catalogue.RelayDenied, catalogue.DirectSendRejected, catalogue.RecipientRefused,
		catalogue.SenderBlocked, catalogue.MessageRefused, catalogue.MailboxFull, catalogue.Throttled, catalogue.ConcurrentConnections, catalogue.OAuthMailboxPermissionMissing}
	for _, c := range catalogue.All() {
		if got, want := StandsBehind(c.Code, catalogue.SecurityDefaults), slices.Contains(behind, c.Code); got != want {
			t.Errorf("%s behind security defaults: %v", c.Code, got)
		}
		if StandsBehind(c.Code, c.Code) && !c.AfterSignIn() {
			t.Errorf("%s stands behind itself", c.Code)
		}
		if StandsBehind(c.Code, catalogue.Temporary) {
			t.Errorf("%s stands behind what has no place in the order", c.Code)
		}
	}
	if StandsBehind("", catalogue.SecurityDefaults) {
		t.Error("no cause stands behind security defaults")
	}
}

// MFA that is only enabled may or may not refuse the password: it stays among
// the candidates, and is confirmed by nothing.
func TestEnabledMFAStaysOpen(t *testing.T) {
	got := Text(criteria).With(with("user.per-user-mfa", "enabled"), probed)
	if got.Verdict != Unsure || !slices.Contains(got.Candidates, catalogue.PerUserMFA) {
		t.Errorf("%s, candidates %v", got.Verdict, got.Candidates)
	}
}
