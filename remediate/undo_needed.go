package remediate

import (
	"path/filepath"
	"slices"

	"smtpmend/internal/fact"
)

// neededBy lists the other mailboxes whose journals, in the same directory,
// show that a fix in this tenant relied on a change for everybody.
func (x *undoing) neededBy(e Entry) []string {
	if e.Change.Scope != fact.ScopeTenant {
		return nil
	}
	var mailboxes []string
	for _, j := range x.siblings() {
		relied := slices.ContainsFunc(j.Entries(), func(other Entry) bool {
			return other.Begun.After(e.Begun) && (!other.State.final() || other.State == Skipped)
		})
		if relied && j.TenantID() == x.Journal.TenantID() && !slices.Contains(mailboxes, j.Mailbox()) {
			mailboxes = append(mailboxes, j.Mailbox())
		}
	}
	return mailboxes
}

// siblings are the other journals beside this one.
func (x *undoing) siblings() []*Journal {
	all, err := Journals(filepath.Dir(x.Journal.Path()))
	if err != nil {
		return nil // they are told of where they can be read
	}
	return slices.DeleteFunc(all, func(j *Journal) bool { return filepath.Base(j.Path()) == filepath.Base(x.Journal.Path()) })
}
