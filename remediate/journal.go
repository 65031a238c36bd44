package remediate

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/ownfile"
)

// journalSchema is the version of the records that are written; a change of
// meaning raises it. Those of version 1 are read as well: they know no object
// and neither Sent nor AsBefore.
const journalSchema = 2

// A State is what the journal knows of one change.
type State string

const (
	// Intent: the change was about to be made. Without a later record it may
	// have been made, or may be yet.
	Intent State = "intent"
	// Sent: the tenant accepted the change, and has not shown it so far.
	Sent State = "sent"
	// Applied: the tenant showed the new value.
	Applied State = "applied"
	// NotApplied: the tenant refused, and still showed the old value.
	NotApplied State = "not-applied"
	// Skipped: the tenant held the new value already; it is not ours to undo.
	Skipped State = "skipped"
	// Restoring: the old value was about to be put back.
	Restoring State = "restoring"
	// Restored: the tenant showed the old value again.
	Restored State = "restored"
	// AsBefore: an undo found the old value already, and wrote nothing.
	AsBefore State = "as-before"
)

// final reports whether nothing is left to undo.
func (s State) final() bool {
	return s == NotApplied || s == Skipped || s == Restored || s == AsBefore
}

// A record is one line of a journal, complete in itself.
type record struct {
	Schema   int       `json:"schema"`
	At       time.Time `json:"at"`
	State    State     `json:"state"`
	Number   int       `json:"change"` // from 1; an outcome bears its intent's
	TenantID string    `json:"tenant_id"`
	Tenant   string    `json:"tenant"`
	Mailbox  string    `json:"mailbox"`
	// Object is the directory's id of the mailbox or user, "" for a change of
	// the tenant or where it is not known.
	Object string         `json:"object,omitempty"`
	Who    string         `json:"who"`
	Cause  catalogue.Code `json:"cause"`
	Change
}

// An Entry is one change as the journal knows it.
type Entry struct {
	Number int
	Cause  catalogue.Code
	Change Change
	Object string
	State  State
	// Begun is when the change was entered, At when State was.
	Begun, At time.Time
}

// A Journal is the record of one fix: JSON Lines, only ever appended to, every
// line on disk before the change that it announces. Its file is made with the
// first record and for one fix alone; while it is open no other run of
// smtpmend has it.
type Journal struct {
	dir, path                 string
	tenantID, tenant, mailbox string
	who                       string
	entries                   []Entry

	file *os.File
	torn bool  // the file does not end with the end of a line
	err  error // of an append that failed; nothing may follow it
}

// NewJournal prepares the journal of a fix in dir. No file is made yet.
func NewJournal(dir string, t Tenant, mailbox string) *Journal {
	j := &Journal{dir: dir, tenantID: t.ID(), tenant: t.Name(), mailbox: mailbox, who: t.Account()}
	at := time.Now().UTC()
	for try := 0; try == 0 || exists(j.path) && try < 100; try++ {
		j.path = filepath.Join(dir, fileName(at, mailbox, try))
	}
	return j
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// Path is the journal's file, which exists from the first record on.
func (j *Journal) Path() string { return j.path }

// TenantID is the tenant that the journal belongs to; "" when the fix was
// stopped before its first record was complete.
func (j *Journal) TenantID() string { return j.tenantID }

// Tenant is that tenant's name.
func (j *Journal) Tenant() string { return j.tenant }

// Mailbox is the mailbox that the fix was for.
func (j *Journal) Mailbox() string { return j.mailbox }

// Entries returns the changes in the order in which they were entered.
func (j *Journal) Entries() []Entry { return append([]Entry(nil), j.entries...) }

// Pending returns the changes that were made, or may have been, and have not
// been put back, in the order in which they were made.
func (j *Journal) Pending() []Entry {
	var open []Entry
	for _, e := range j.entries {
		if !e.State.final() {
			open = append(open, e)
		}
	}
	return open
}

// Close closes the file, if there is one, and with it frees the journal for
// others.
func (j *Journal) Close() error {
	if j.file == nil {
		return nil
	}
	err := j.file.Close()
	j.file = nil
	return err
}

// begin enters a new change, as Intent or Skipped, and returns its number.
func (j *Journal) begin(cause catalogue.Code, c Change, object string, s State) (int, error) {
	now := time.Now().UTC()
	e := Entry{Number: len(j.entries) + 1, Cause: cause, Change: c, Object: object, State: s, Begun: now, At: now}
	if err := j.append(e); err != nil {
		return 0, err
	}
	j.entries = append(j.entries, e)
	return e.Number, nil
}

// mark enters what became of change number n.
func (j *Journal) mark(n int, s State) error {
	e := j.entries[n-1]
	e.State, e.At = s, time.Now().UTC()
	if err := j.append(e); err != nil {
		return err
	}
	j.entries[n-1] = e
	return nil
}

// append writes one record and waits until it is on disk.
func (j *Journal) append(e Entry) error {
	if j.err == nil {
		j.err = j.write(e)
	}
	if j.err != nil {
		return fmt.Errorf("journal: %w", j.err)
	}
	return nil
}

// write never cuts off what is there: behind the torn record of a crash it
// begins a new line.
func (j *Journal) write(e Entry) error {
	line, err := json.Marshal(record{
		Schema: journalSchema, At: e.At, State: e.State, Number: e.Number,
		TenantID: j.tenantID, Tenant: j.tenant, Mailbox: j.mailbox, Object: e.Object, Who: j.who,
		Cause: e.Cause, Change: e.Change,
	})
	if err != nil {
		return err
	}
	if j.file == nil {
		if err := j.create(); err != nil {
			return err
		}
	}
	line = append(line, '\n')
	if j.torn {
		line = append([]byte{'\n'}, line...)
	}
	if _, err := j.file.Write(line); err != nil {
		return err
	}
	j.torn = false
	return j.file.Sync()
}

// create makes the file, which must not be there yet, and locks it.
func (j *Journal) create() error {
	if len(j.entries) > 0 {
		return errors.New("it was closed")
	}
	if err := makeDir(j.dir); err != nil {
		return err
	}
	f, err := os.OpenFile(j.path, os.O_RDWR|os.O_APPEND|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(lock(f), ownfile.SyncDir(j.dir)); err != nil {
		return errors.Join(err, f.Close())
	}
	j.file = f
	return nil
}

// fileName sorts by time and holds only characters that every file system and
// shell takes as they are.
func fileName(at time.Time, mailbox string, try int) string {
	safe := strings.Map(func(r rune) rune {
		if strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789.-", r) {
			return r
		}
		return '_'
	}, strings.ToLower(mailbox))
	if len(safe) > 64 {
		safe = safe[:64]
	}
	name := at.Format("20060102T150405.000Z") + "-" + safe
	if try > 0 {
		name += fmt.Sprintf("-%d", try)
	}
	return name + ".jsonl"
}
