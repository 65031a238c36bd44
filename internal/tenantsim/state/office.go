package state

import (
	"fmt"
	"time"
)

// An occupant is a mailbox of an office, and what it did lately.
type occupant struct {
	name, kind, smtpAuth string
	policy, account      string // "" is none, and enabled
	uses                 []use
	oauth                int // messages sent with a token
}

// A use is a number of sign-ins from one address, the newest some hours ago and
// the others a day apart before it.
type use struct {
	address  string
	code     int // AADSTS, 0 for accepted
	times    int
	hoursAgo int
}

// office is what an inventory is for: devices and applications of every kind.
var office = []occupant{
	{name: "scanner2", kind: "user", smtpAuth: "on", uses: []use{{"198.51.100.21", 0, 12, 5}, {"198.51.100.21", 50126, 1, 80}}},
	{name: "erp", kind: "user", smtpAuth: "on", uses: []use{{"198.51.100.7", 0, 28, 2}, {"198.51.100.8", 0, 20, 3}}},
	{name: "alarm", kind: "shared", smtpAuth: "on", uses: []use{{"192.0.2.44", 0, 3, 190}}},
	{name: "newsletter", kind: "user", smtpAuth: "on", oauth: 412},
	{name: "plotter", kind: "user", smtpAuth: "inherit", uses: []use{{"198.51.100.30", 50126, 9, 12}}},
	{name: "oldphone", kind: "user", smtpAuth: "on", policy: BlockPolicy, uses: []use{{"203.0.113.80", 53003, 4, 30}}},
	{name: "ghost", kind: "shared", smtpAuth: "on", account: "disabled"},
	{name: "boardroom", kind: "room", smtpAuth: "inherit"},
	{name: "bob", kind: "user", smtpAuth: "inherit"},
	{name: "carla", kind: "user", smtpAuth: "off"},
	{name: "sales", kind: "shared", smtpAuth: "inherit"},
}

// furnish adds the office to the tenant.
func (s *State) furnish(now time.Time) {
	for i, o := range office {
		u := newUser(fmt.Sprintf("3f5c9f0a-52f5-4f0e-8f0a-0c1d7b6a2%03d", i+1), o.name+"@"+s.Domain, "")
		u.Kind, u.SMTPAuth, u.AuthPolicy, u.OAuthMessages = o.kind, o.smtpAuth, o.policy, o.oauth
		if o.account != "" {
			u.Account = o.account
		}
		if u.Kind != "user" {
			u.Licence = "no"
		}
		s.Users = append(s.Users, u)
		for _, use := range o.uses {
			s.note(u.Mailbox, use, now)
		}
	}
}

// note writes a use into the sign-in log.
func (s *State) note(mailbox string, u use, now time.Time) {
	for i := range u.times {
		s.SignInLog.Records = append(s.SignInLog.Records, SignIn{
			ID:      fmt.Sprintf("66ea54eb-0000-0000-0003-%012d", len(s.SignInLog.Records)),
			Time:    now.Add(-time.Duration(u.hoursAgo+24*i) * time.Hour).UTC().Truncate(time.Second),
			Mailbox: mailbox, Code: u.code, Address: u.address,
		})
	}
}
