package inventory

import (
	"time"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
)

// A Row is what is known of one mailbox. A text that is "", and a number or a
// truth that is nil, was not read.
type Row struct {
	Mailbox   string // the primary address, or the sign-in name where no list of mailboxes was read
	Principal string
	Kind      string // a value of mailbox.kind
	Switch    string // on, off, inherit
	Effective string // on, off: the switch with the organisation's
	Policy    string // allow, block: the authentication policy in effect
	Licence   string // yes, no
	Account   string // enabled, disabled
	Used      Used
	// Affected is whether it stops when passwords go off by default: true
	// where a password was accepted in the span; false where a source that
	// sees passwords was read to its end and holds none, or where a password
	// is refused today already; nil for anything else.
	Affected *bool
	// Blockers are what the tenant shows for certain to stand in the way of a
	// password. Per-user MFA is not among them: it is read one user at a time.
	Blockers []catalogue.Code
	// Ways are those that remain for a mailbox that is affected or may be.
	Ways []WayName
}

// OnlyRefused reports whether sign-ins were seen and none was accepted.
func (r Row) OnlyRefused() bool {
	u := r.Used
	return u.Failed != nil && *u.Failed > 0 && u.Basic != nil && *u.Basic == 0
}

// Used is what submitted as the mailbox within the span.
type Used struct {
	// Basic counts submissions with a password that were accepted, in the
	// unit of Counted; OAuth messages that were sent with a token, which the
	// clients report alone tells; Failed sign-ins that were refused.
	Basic, OAuth, Failed *int
	Counted              Unit
	// SMTPApp is whether the usage report says that an SMTP client sent mail,
	// however it signed in.
	SMTPApp *bool
	// Undetermined counts messages of which the clients report does not say
	// how they were signed in.
	Undetermined int
	// Last is the newest accepted sign-in with a password, LastFailed the
	// newest refused one; zero for none.
	Last, LastFailed time.Time
	// Devices are where the sign-ins came from: those with accepted ones
	// first, then the newest. MoreDevices is how many were left out, at least.
	Devices     []Device
	MoreDevices bool
	Failures    []Failure // the most frequent first
}

// A Unit is what Used.Basic counts.
type Unit string

// The units; "" goes with a number that was not read.
const (
	SignInsCounted  Unit = "sign-ins"
	MessagesCounted Unit = "messages"
)

// A Device is an address from which there were sign-ins.
type Device struct {
	Address       string
	Basic, Failed int
	Last          time.Time
}

// A Failure is a code of Entra's and how often it came.
type Failure struct {
	Code       int // AADSTS
	Cause      catalogue.Code
	Candidates []catalogue.Code // where the code leaves several open
	Count      int
}

// A Summary is what a whole inventory comes to.
type Summary struct {
	Since     time.Time
	Mailboxes int
	On, Off   int // in effect; what is neither was not read
	// Basic, OAuth and Failing count mailboxes: with accepted passwords, with
	// tokens, and with nothing but refused sign-ins.
	Basic, OAuth, Failing int
	Affected, Unaffected  int // of the others it cannot be told
	// Unmatched are senders of the clients report that are no mailbox here, at
	// most twenty of them; MoreUnmatched how many there are besides.
	Unmatched     []string
	MoreUnmatched int
	// Strangers counts sign-ins of names that are no row, Accepted those of them
	// that were accepted.
	Strangers, Accepted int
	// Listed is whether the list of switches was read to its end, has any, and
	// lacks none of the mailboxes that the other list names: only then is who is
	// no row no mailbox.
	Listed bool
	// LogCut is whether the sign-in log broke off.
	LogCut bool
	// Sources are what the use was read from.
	Sources []SourceName
	Unread  []Unread
}

// Open is how many mailboxes may or may not be affected.
func (s Summary) Open() int { return s.Mailboxes - s.Affected - s.Unaffected }

// Told reports whether everything is told of which mailboxes are affected, as
// far as the sources that may be read see it: no list was cut, and nothing was
// accepted for somebody who is no row.
func (s Summary) Told() bool {
	return s.Listed && s.Accepted == 0 && !(s.LogCut && s.Open() > 0)
}

// Trouble is the first failure of a service that has an answer and did not
// give it, nil where there is none.
func (s Summary) Trouble() error {
	for _, u := range s.Unread {
		if u.Trouble != nil {
			return u.Trouble
		}
	}
	return nil
}

// An Unread is what could not be read, said once for all rows.
type Unread struct {
	Fact  fact.Name
	Error string
	// Trouble is the failure where the service has an answer and did not give
	// it; nil where it has none to give, or not to this caller.
	Trouble error
}

// What is read besides the facts of a mailbox.
const (
	SignInLog     fact.Name = "log.sign-ins"
	AppUsage      fact.Name = "report.email-apps"
	ClientsReport fact.Name = "report.smtp-auth-clients"
	DirectSend    fact.Name = "org.direct-send"
)

// A SourceName names what the use of a mailbox was read from.
type SourceName = fact.Name
