// Package inventory tells which mailboxes of a tenant may submit with SMTP
// AUTH, which did lately and how, and which stop when passwords go off by
// default: the join of what the tenant's lists, logs and reports say of each
// mailbox, and the judgement of a row.
//
// It is pure: it reads a Source and two kinds of CSV, keeps a few hundred
// octets a mailbox, and hands out rows as they are complete. It reaches no
// network and no file, prints nothing, and takes what was not read for neither
// yes nor no.
package inventory

import (
	"context"
	"io"
	"iter"
	"time"

	"smtpmend/internal/fact"
)

// A Source is a tenant, list by list. A list ends with an error where it could
// not be read to its end; what came before it counts.
type Source interface {
	// Settings are those of the whole tenant.
	Settings(context.Context) Settings
	// Switches lists all mailboxes with their switch for SMTP AUTH.
	Switches(context.Context) iter.Seq2[Switch, error]
	// Mailboxes lists all mailboxes with their kind.
	Mailboxes(context.Context) iter.Seq2[Mailbox, error]
	// Users lists all accounts with their authentication policy.
	Users(context.Context) iter.Seq2[User, error]
	// SignIns lists the sign-ins over SMTP since then, in any order.
	SignIns(ctx context.Context, since time.Time) iter.Seq2[SignIn, error]
	// AppUsage is the e-mail app usage report of so many days, one of
	// ReportDays, as CSV.
	AppUsage(ctx context.Context, days int) (io.ReadCloser, error)
}

// ReportDays are the spans that Graph makes usage reports of
// (microsoft-graph-docs-contrib, reportroot-getemailappusageuserdetail.md).
var ReportDays = []int{7, 30, 90, 180}

// Settings are what holds for the whole tenant.
type Settings struct {
	// Facts are readings of org.smtp-auth, org.security-defaults and
	// org.premium.
	Facts fact.Evidence
	// Policies says of each authentication policy, by its name in lower case,
	// what it makes of passwords: allow or block. PoliciesErr is why they, or
	// DefaultPolicy, could not be read.
	Policies      map[string]string
	DefaultPolicy string // "" for none
	PoliciesErr   error
	// RejectDirectSend is whether mail without a sign-in is refused that names
	// a sender of the tenant; nil where that could not be read.
	RejectDirectSend *bool
	DirectSendErr    error
	// Access is Conditional Access; AccessErr is why it could not be read.
	Access    Access
	AccessErr error
}

// Access tells what Conditional Access makes of a password sign-in over SMTP.
type Access interface {
	// Stops returns the policies that stop the user with that id for certain,
	// and why others may.
	Stops(id string) (certain, open []string)
}

// An Identity is what joins the lists: the ids of an object, "" where they were
// not given.
type Identity struct {
	Directory string // the user's in Entra ID
	Exchange  string // the Guid in Exchange Online
}

// A Switch is a mailbox with its switch.
type Switch struct {
	Identity
	Addresses []string // the primary one first
	// SMTPAuth is on, off or inherit, "" where it could not be read.
	SMTPAuth string
}

// A Mailbox is a mailbox with what else is known of it; "" is unread.
type Mailbox struct {
	Identity
	Address   string
	Principal string // the name that the user signs in with
	Kind      string // a value of mailbox.kind
	Licence   string // yes, no
	Account   string // enabled, disabled
}

// A User is an account with its authentication policy.
type User struct {
	Identity
	// Policy is the name of the policy of its own, "" for none.
	Policy string
	// Unread is why the policy is not known, nil where it is.
	Unread error
}

// A SignIn is a record of the log.
type SignIn struct {
	User      string // the id in Entra ID
	Principal string
	At        time.Time
	Address   string // an IP address
	Code      int    // AADSTS, 0 for a sign-in that was accepted
}
