package state

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// A Truth is what was made of one account of Many: what an inventory of the
// tenant has to find out.
type Truth struct {
	Mailbox, Principal string
	Kind               string // none for an account without a mailbox
	Switch             string // on, off, inherit
	Policy             string // allow, block: the one in effect
	Licence, Account   string
	// Basic and Failed count sign-ins with a password, accepted and refused,
	// OAuth messages sent with a token.
	Basic, Failed, OAuth int
	Last                 time.Time      // the newest accepted sign-in
	Devices              map[string]int // accepted sign-ins by address
	Codes                map[int]int    // refused ones by AADSTS code
}

// refusals are codes with which Entra refuses passwords.
var refusals = []int{50126, 50053, 50076, 53003, 50057}

// Many returns a tenant of so many accounts, and the truth about each in the
// same order. It is the same for the same number but for the times, which lie
// within the thirty days before now. In one of twenty something submits.
func Many(n int, now time.Time) (*State, []Truth) {
	s := Default()
	s.Domains = []string{"contoso.onmicrosoft.com"}
	s.Org.DefaultAuthPolicy = "Allow Basic SMTP"
	s.Users = make([]User, 0, n)
	m := &many{State: s, dice: rand.New(rand.NewPCG(12, uint64(n))), now: now}
	truths := make([]Truth, 0, n)
	for i := range n {
		truths = append(truths, m.account(i))
	}
	return s, truths
}

// many is a tenant in the making.
type many struct {
	*State
	dice *rand.Rand
	now  time.Time
}

// pick chooses one of values; weights are out of a hundred, the last value has
// the rest.
func (m *many) pick(values []string, weights ...int) string {
	roll := m.dice.IntN(100)
	for i, w := range weights {
		if roll -= w; roll < 0 {
			return values[i]
		}
	}
	return values[len(values)-1]
}

func (m *many) account(i int) Truth {
	u := newUser(fmt.Sprintf("3f5c9f0a-52f5-4f0e-8f0b-%012x", i+1), fmt.Sprintf("box%05d@contoso.com", i), "")
	u.Kind = m.pick([]string{"none", "shared", "room", "equipment", "user"}, 4, 10, 3, 2)
	u.SMTPAuth = m.pick([]string{"on", "off", "inherit"}, 15, 15)
	u.Account = m.pick([]string{"disabled", "enabled"}, 5)
	u.Licence = m.pick([]string{"no", "yes"}, 3)
	u.AuthPolicy = m.pick([]string{BlockPolicy, "Allow Basic SMTP", ""}, 5, 5)
	if u.Kind != "user" {
		u.Licence = "no"
	}
	if m.dice.IntN(5) == 0 {
		u.UPN = fmt.Sprintf("person%05d@contoso.onmicrosoft.com", i)
	}
	if m.dice.IntN(4) == 0 {
		u.Aliases = []string{fmt.Sprintf("alias%05d@contoso.com", i)}
	}
	t := Truth{
		Mailbox: u.Mailbox, Principal: u.Principal(), Kind: u.Kind, Switch: u.SMTPAuth, Policy: "allow", Licence: u.Licence, Account: u.Account,
		Devices: map[string]int{}, Codes: map[int]int{},
	}
	if u.AuthPolicy == BlockPolicy {
		t.Policy = "block"
	}
	switch use := m.dice.IntN(400); {
	case use < 8:
		m.accepted(&t, i)
	case use < 12:
		m.accepted(&t, i)
		m.refused(&t, i, 1+m.dice.IntN(3))
	case use < 16:
		m.refused(&t, i, 1+m.dice.IntN(6))
	case use < 18:
		m.sprayed(&t, i)
	case use < 20:
		t.OAuth = 1 + m.dice.IntN(900)
	}
	u.OAuthMessages = t.OAuth
	m.Users = append(m.Users, u)
	return t
}

// accepted lets a few devices sign in with the password.
func (m *many) accepted(t *Truth, i int) {
	for d := range 1 + m.dice.IntN(3) {
		address := fmt.Sprintf("198.51.%d.%d", i%100, 10+d)
		for range 1 + m.dice.IntN(5) {
			at := m.record(t, address, 0)
			t.Basic++
			t.Devices[address]++
			if at.After(t.Last) {
				t.Last = at
			}
		}
	}
}

func (m *many) refused(t *Truth, i, times int) {
	for range times {
		code := refusals[m.dice.IntN(len(refusals))]
		m.record(t, fmt.Sprintf("198.51.%d.9", i%100), code)
		t.Failed++
		t.Codes[code]++
	}
}

// sprayed is a mailbox that somebody tries from many places, with a device of
// its own among them.
func (m *many) sprayed(t *Truth, i int) {
	for k := range 40 {
		m.record(t, fmt.Sprintf("203.0.113.%d", k), 50126)
		t.Failed++
		t.Codes[50126]++
	}
	m.accepted(t, i)
}

// record writes a sign-in of the last thirty days.
func (m *many) record(t *Truth, address string, code int) time.Time {
	n := len(m.SignInLog.Records)
	at := m.now.Add(-time.Duration(1+m.dice.IntN(29*24*60)) * time.Minute).UTC().Truncate(time.Second)
	m.SignInLog.Records = append(m.SignInLog.Records, SignIn{
		ID: fmt.Sprintf("66ea54eb-0000-0000-0002-%012d", n), Time: at, Mailbox: t.Principal,
		Code: code, Address: address, NonInteractive: n%7 == 0,
	})
	return at
}
