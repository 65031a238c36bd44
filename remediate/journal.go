package remediate

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"smtpmend/diagnose"
)

// journalSchema is the version of the records; a change of meaning raises it.
const journalSchema = 1

// A State is what the journal knows of one change.
type State string

const (
	// Intent: the change was about to be made. Without a later record it may
	// have been made.
	Intent State = "intent"
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
)

// final reports whether nothing is left to undo.
func (s State) final() bool { return s == NotApplied || s == Skipped || s == Restored }

// A record is one line of a journal, complete in itself.
type record struct {
	Schema   int           `json:"schema"`
	At       time.Time     `json:"at"`
	State    State         `json:"state"`
	Number   int           `json:"change"` // from 1; an outcome bears its intent's
	TenantID string        `json:"tenant_id"`
	Tenant   string        `json:"tenant"`
	Mailbox  string        `json:"mailbox"`
	Who      string        `json:"who"`
	Cause    diagnose.Code `json:"cause"`
	Change
}

// An Entry is one change as the journal knows it.
type Entry struct {
	Number int
	Cause  diagnose.Code
	Change Change
	State  State
}

// A Journal is the record of one fix: JSON Lines, only ever appended to, every
// line on disk before the change that it announces. Its file is made with the
// first record and for one fix alone.
type Journal struct {
	dir, path                 string
	tenantID, tenant, mailbox string
	who                       string
	entries                   []Entry

	file *os.File
	good int64 // bytes up to the last complete record
	err  error // of an append that failed; nothing may follow it
}

// NewJournal prepares the journal of a fix in dir. No file is made yet.
func NewJournal(dir string, t Tenant, mailbox string) *Journal {
	return &Journal{dir: dir, tenantID: t.ID(), tenant: t.Name(), mailbox: mailbox, who: t.Account()}
}

// Path is the journal's file, "" while there is none.
func (j *Journal) Path() string { return j.path }

// TenantID is the tenant that the journal belongs to; "" when the fix was
// stopped before its first record was complete.
func (j *Journal) TenantID() string { return j.tenantID }

// Tenant is that tenant's name.
func (j *Journal) Tenant() string { return j.tenant }

// Mailbox is the mailbox that the fix was for.
func (j *Journal) Mailbox() string { return j.mailbox }

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

// Close closes the file, if there is one.
func (j *Journal) Close() error {
	if j.file == nil {
		return nil
	}
	err := j.file.Close()
	j.file = nil
	return err
}

// begin enters a new change, as Intent or Skipped, and returns its number.
func (j *Journal) begin(cause diagnose.Code, c Change, s State) (int, error) {
	e := Entry{Number: len(j.entries) + 1, Cause: cause, Change: c, State: s}
	if err := j.append(e); err != nil {
		return 0, err
	}
	j.entries = append(j.entries, e)
	return e.Number, nil
}

// mark enters what became of change number n.
func (j *Journal) mark(n int, s State) error {
	e := j.entries[n-1]
	e.State = s
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

func (j *Journal) write(e Entry) error {
	line, err := json.Marshal(record{
		Schema: journalSchema, At: time.Now().UTC(), State: e.State, Number: e.Number,
		TenantID: j.tenantID, Tenant: j.tenant, Mailbox: j.mailbox, Who: j.who,
		Cause: e.Cause, Change: e.Change,
	})
	if err != nil {
		return err
	}
	if j.file == nil {
		if err := j.open(); err != nil {
			return err
		}
	}
	if _, err := j.file.Write(append(line, '\n')); err != nil {
		return err
	}
	return j.file.Sync()
}

// open makes the file of a new journal, or opens that of an old one behind
// its last complete record. A torn record was never acted upon.
func (j *Journal) open() (err error) {
	if j.path == "" {
		return j.create()
	}
	if err := os.Truncate(j.path, j.good); err != nil {
		return err
	}
	j.file, err = os.OpenFile(j.path, os.O_WRONLY|os.O_APPEND, 0)
	return err
}

func (j *Journal) create() error {
	if err := makeDir(j.dir); err != nil {
		return err
	}
	for try := 0; ; try++ {
		path := filepath.Join(j.dir, fileName(time.Now().UTC(), j.mailbox, try))
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, os.ErrExist) && try < 100 {
			continue
		}
		if err != nil {
			return err
		}
		j.file, j.path = f, path
		return syncDir(j.dir)
	}
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
