package inventory

import (
	"cmp"
	"encoding/hex"
	"strings"
	"sync"

	"smtpmend/diagnose/catalogue"
)

// A key is the 16 octets of a GUID. Whole lists are kept by it, so it is small.
type key [16]byte

// keys returns the keys by which an object is known, the directory's first.
func (id Identity) keys() []key {
	var all []key
	for _, text := range []string{id.Directory, id.Exchange} {
		if k, ok := parseKey(text); ok {
			all = append(all, k)
		}
	}
	return all
}

func parseKey(guid string) (k key, ok bool) {
	digits := strings.ReplaceAll(guid, "-", "")
	if len(guid) != 36 || len(digits) != hex.EncodedLen(len(k)) {
		return k, false
	}
	_, err := hex.Decode(k[:], []byte(digits))
	return k, err == nil
}

// A person is what the lists say of one object, kept until its mailbox comes.
type person struct {
	principal              string // where it is not the mailbox's address
	kind, licence, account string // of the constants of the values: no copies
	policy                 string // of the account's own; "" for none
	user, policyUnread     bool   // it was listed as an account, and without a policy
	mailbox, switched      bool   // it was listed as a mailbox, and with a switch
}

// A join holds what has been read so far.
type join struct {
	settings Settings
	clients  *Clients

	mu     sync.Mutex
	people map[key]*person
	used   map[key]*usage
	apps   *apps

	wholeMailboxes, wholeLog bool // they were read to their end
	openPolicies             map[string]bool
	strangers, accepted      int // sign-ins of names that are nobody's, and those of them that were accepted
	switchless               int // mailboxes that came without a switch so far
	judged                   map[cells][]catalogue.Code
}

func newJoin(clients *Clients) *join {
	return &join{clients: clients, people: map[key]*person{}, used: map[key]*usage{}, openPolicies: map[string]bool{}, judged: map[cells][]catalogue.Code{}}
}

// person finds the one with that identity, or begins one.
func (j *join) person(id Identity) *person {
	keys := id.keys()
	if len(keys) == 0 {
		return nil
	}
	p := j.known(id)
	if p == nil {
		p = new(person)
	}
	for _, k := range keys {
		if j.people[k] == nil {
			j.people[k] = p
		}
	}
	return p
}

// known finds the one with that identity; the id in the directory decides.
func (j *join) known(id Identity) *person {
	for _, k := range id.keys() {
		if p := j.people[k]; p != nil {
			return p
		}
	}
	return nil
}

func (j *join) addMailbox(m Mailbox) {
	j.mu.Lock()
	defer j.mu.Unlock()
	p := j.person(m.Identity)
	if p == nil {
		return
	}
	if !p.mailbox {
		p.mailbox = true
		j.switchless++
	}
	p.kind, p.licence, p.account = m.Kind, m.Licence, m.Account
	if !strings.EqualFold(m.Principal, m.Address) {
		p.principal = m.Principal
	}
}

func (j *join) addUser(u User) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if p := j.person(u.Identity); p != nil {
		p.user, p.policy, p.policyUnread = true, j.interned(u.Policy), u.Unread != nil
	}
}

// interned is a policy's name without a copy for each user.
func (j *join) interned(name string) string {
	for known := range j.settings.Policies {
		if strings.EqualFold(known, name) {
			return known
		}
	}
	return name
}

// addSignIn returns whether the record could be used.
func (j *join) addSignIn(s SignIn) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	k, ok := parseKey(s.User)
	switch {
	case s.At.IsZero(), s.Code < 0, !ok && s.Code == 0:
		return false
	case !ok, k == (key{}):
		j.strangers++ // a name that is nobody's
		if s.Code == 0 {
			j.accepted++
		}
		return true
	}
	u := j.used[k]
	if u == nil {
		u = &usage{principal: strings.Clone(s.Principal)}
		j.used[k] = u
	}
	u.add(s)
	return true
}

// row joins what is known of the mailbox to its switch, and takes the use out,
// so that in the end what belongs to no mailbox is left.
func (j *join) row(s Switch) Row {
	j.mu.Lock()
	defer j.mu.Unlock()
	r := Row{Switch: s.SMTPAuth}
	if len(s.Addresses) > 0 {
		r.Mailbox, r.Principal = s.Addresses[0], s.Addresses[0]
	}
	names := s.Addresses
	if p := j.known(s.Identity); p != nil {
		r.Kind, r.Licence, r.Account = p.kind, p.licence, p.account
		r.Principal = cmp.Or(p.principal, r.Principal)
		if p.user && !p.policyUnread {
			r.Policy = j.settings.policy(p.policy)
		}
		names = append(names, r.Principal)
		if p.mailbox && !p.switched {
			p.switched = true
			j.switchless--
		}
	}
	r.Mailbox = cmp.Or(r.Mailbox, r.Principal)
	j.fillUse(&r, s.Identity, names)
	j.judge(&r, s.Directory)
	return r
}

// fillUse joins the log and the two reports.
func (j *join) fillUse(r *Row, id Identity, names []string) {
	k, ok := parseKey(id.Directory)
	u := j.used[k]
	switch {
	case !ok:
		// Without the id nothing tells whether the log has it.
	case u != nil:
		delete(j.used, k)
		u.fill(&r.Used)
		if !j.wholeLog && u.basic == 0 {
			r.Used.Basic, r.Used.Counted = nil, ""
		}
	case j.wholeLog:
		new(usage).fill(&r.Used)
	}
	if j.apps != nil {
		r.Used.SMTPApp = j.apps.take(names)
	}
	if j.clients != nil {
		j.clients.take(names).fill(&r.Used)
	}
}

// leftOver counts the sign-ins of accounts that no list of mailboxes named, and
// those of them that were accepted.
func (j *join) leftOver() (all, accepted int) {
	all, accepted = j.strangers, j.accepted
	for _, u := range j.used {
		all, accepted = all+u.basic+u.failed, accepted+u.basic
	}
	return all, accepted
}
