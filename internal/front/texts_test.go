package front

import (
	"regexp"
	"strings"
	"testing"
)

var statusCode = regexp.MustCompile(`^[245]\.\d{1,3}\.\d{1,3}$`)

func TestTextsAreWhole(t *testing.T) {
	for i, row := range []Text{
		SignedIn, SMTPAuthOffOrg, SMTPAuthOffMailbox, SecurityDefaults, CriteriaNotMet, CredentialsIncorrect,
		AccountLocked, AccountIssue, BasicAuthDisabled, BasicAuthRetired, FederationUnreachable, FederationNoTLS,
		SignInRefused, MailboxInaccessible, ProxyFailed, MechanismUnknown, TLSTooOld, NotAuthenticated,
		StartTLSRequired, InvalidHello, SenderOK, RecipientOK, MessageOK, SendAsDenied,
		ConcurrentConnections, MailboxFull, LogonFailed,
	} {
		if row.newer.Code == 0 {
			t.Errorf("%d has no newer words", i)
		}
		for _, r := range []Reply{row.newer, row.older} {
			if r.Code == 0 {
				continue
			}
			if r.Code < 200 || r.Code > 599 || r.Text == "" {
				t.Errorf("%v is no reply", r)
			}
			if status, _, _ := strings.Cut(r.Text, " "); row != MailboxInaccessible && !statusCode.MatchString(status) {
				t.Errorf("%v: status %q", r, status)
			}
		}
	}
}

func TestValidHello(t *testing.T) {
	for name, want := range map[string]bool{
		"localhost": true, "MFP_4711": true, "laptop.contoso.com": true, "[192.0.2.1]": true,
		"[IPv6:2001:db8::1]": true, "192.0.2.1": true,
		"laptop.": false, "MacBook..": false, ".": false, "_": false, "a._.b": false, "-": false,
		"Büro": false, "[192.0.2]": false, "[192.0.2.1": false, "a,b": false, "": false,
	} {
		if got := validHello(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}
