package state

import "testing"

// A name is found by each service in its own way, and by the wrong one not.
func TestWhoIsFound(t *testing.T) {
	s := Default()
	u := s.User(Mailbox)
	u.UPN, u.Aliases = "device7@contoso.onmicrosoft.com", []string{"scan@contoso.com"}
	u.LooseNames = []string{"ann@contoso.com"} // an address is no loose name of another
	s.User("ann@contoso.com").LooseNames = []string{"copier@contoso.com"}
	for _, tc := range []struct{ name, account, recipient string }{
		{Mailbox, "", Mailbox},
		{"SCANNER@contoso.com", "", Mailbox},
		{"Device7@contoso.onmicrosoft.com", Mailbox, Mailbox},
		{"scan@contoso.com", "", Mailbox},
		{u.ID, Mailbox, Mailbox},
		{u.ExchangeGUID(), "", Mailbox},
		{"scanner", "", Mailbox},
		{"copier@contoso.com", "", "ann@contoso.com"},
		{"ann@contoso.com", "ann@contoso.com", "ann@contoso.com"},
		{"nobody@contoso.com", "", ""},
	} {
		for how, found := range map[string][2]string{
			"Graph": {mailboxOf(s.Account(tc.name)), tc.account}, "Exchange": {mailboxOf(s.Recipient(tc.name)), tc.recipient},
		} {
			if found[0] != found[1] {
				t.Errorf("%s finds for %s %q, want %q", how, tc.name, found[0], found[1])
			}
		}
	}
	if !guid.MatchString(u.ExchangeGUID()) || u.ExchangeGUID() == u.ID {
		t.Errorf("mailbox's own id: %s", u.ExchangeGUID())
	}
}

func mailboxOf(u *User) string {
	if u == nil {
		return ""
	}
	return u.Mailbox
}
