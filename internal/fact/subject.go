package fact

// A Subject says whose facts are read and written: which tenant it is, and
// which objects in it the mailbox and its user are. Everything in it was found
// out, nothing is taken over from what was typed.
type Subject struct {
	// TenantID is the GUID of the tenant, in lower case: the one that OpenID
	// discovery gives for the mailbox's domain.
	TenantID string
	// Domain is a domain of that tenant: the mailbox's.
	Domain string
	// Organisation is the display name of the tenant, "" when it could not be
	// read.
	Organisation string
	// Account is who is signed in: a user name, or "application" and its id.
	Account string
	// Visiting: the account comes from another tenant, as a partner's does.
	Visiting bool
	// Mailbox is what Exchange found. Its Err is set when Exchange found
	// nothing, could not be asked, or found a mailbox that does not bear the
	// address that was typed: Exchange resolves loosely.
	Mailbox Object
	// User is what Graph found. Its Err is set when Graph found nothing, could
	// not be asked, or found another object than Mailbox.
	User Object
}

// An Object is a mailbox or a user as the tenant knows it.
type Object struct {
	// ID is the object's id in the directory (Exchange calls it
	// ExternalDirectoryObjectId), in lower case; "" when it is not known.
	ID string
	// Name is the primary address of a mailbox, the principal name of a user.
	Name string
	// Err says why it is not proven which object this is; nil when it is.
	Err error
}

// Proven returns nil when a fact of that scope may be written: the switch of a
// mailbox needs the mailbox, whatever touches a user or the tenant needs the
// user too, as the same object.
func (s Subject) Proven(scope Scope) error {
	if scope != ScopeMailbox && s.User.Err != nil {
		return s.User.Err
	}
	return s.Mailbox.Err
}
