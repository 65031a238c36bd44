package remediate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"smtpmend/internal/fact"
)

// maxJournal bounds what is read of a journal; a fix writes a few kilobytes.
const maxJournal = 1 << 20

// OpenJournal reads the journal at path, to undo what it holds. A torn last
// line is what a crash leaves, and is passed over. Whatever else does not look
// like this program's own work is refused with ErrJournal.
func OpenJournal(path string) (*Journal, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxJournal+1))
	if err != nil {
		return nil, err
	}
	j := &Journal{path: path}
	if err := j.load(text); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrJournal, path, err)
	}
	return j, nil
}

// load takes over the records of text.
func (j *Journal) load(text []byte) error {
	if len(text) > maxJournal {
		return fmt.Errorf("larger than %d bytes", maxJournal)
	}
	line := 0
	for rest := text; ; line++ {
		one, more, complete := bytes.Cut(rest, []byte("\n"))
		if !complete {
			return j.tail(one)
		}
		if err := j.take(one); err != nil {
			return fmt.Errorf("line %d: %w", line+1, err)
		}
		j.good += int64(len(one)) + 1
		rest = more
	}
}

// tail judges what follows the last complete line. In a file without a single
// record it has to look like the beginning of one, or be empty.
func (j *Journal) tail(torn []byte) error {
	const start = `{"schema":`
	torn = bytes.Trim(torn, "\x00") // a file system may fill up with zeros
	head := torn[:min(len(torn), len(start))]
	if len(j.entries) == 0 && !strings.HasPrefix(start, string(head)) {
		return fmt.Errorf("no journal")
	}
	return nil
}

// take adds one record to the entries.
func (j *Journal) take(line []byte) error {
	r, err := parseRecord(line)
	if err != nil {
		return err
	}
	if len(j.entries) == 0 {
		j.tenantID, j.tenant, j.mailbox, j.who = r.TenantID, r.Tenant, r.Mailbox, r.Who
	}
	if r.TenantID != j.tenantID || r.Mailbox != j.mailbox {
		return fmt.Errorf("belongs to another tenant or mailbox than the lines above it")
	}
	return j.follow(Entry{Number: r.Number, Cause: r.Cause, Change: r.Change, State: r.State})
}

// follow checks that e may come next: a new change, or what became of one
// that is still open.
func (j *Journal) follow(e Entry) error {
	begins := e.State == Intent || e.State == Skipped
	if e.Number == len(j.entries)+1 && begins {
		j.entries = append(j.entries, e)
		return nil
	}
	if e.Number < 1 || e.Number > len(j.entries) || begins {
		return fmt.Errorf("change %d is out of order", e.Number)
	}
	last := j.entries[e.Number-1]
	if last.State.final() || last.Change != e.Change || last.Cause != e.Cause {
		return fmt.Errorf("change %d does not match the lines above it", e.Number)
	}
	j.entries[e.Number-1] = e
	return nil
}

// parseRecord reads one line and checks everything that can be checked
// without its neighbours.
func parseRecord(line []byte) (record, error) {
	var r record
	if err := json.Unmarshal(line, &r); err != nil {
		return r, fmt.Errorf("not a record: %w", err)
	}
	if r.Schema != journalSchema {
		return r, fmt.Errorf("schema %d is not known to this version", r.Schema)
	}
	if err := uniqueKeys(line); err != nil {
		return r, err
	}
	switch r.State {
	case Intent, Applied, NotApplied, Skipped, Restoring, Restored:
	default:
		return r, fmt.Errorf("state %q is not known to this version", r.State)
	}
	plan := Plan{Cause: r.Cause, Changes: []Change{r.Change}}
	if err := plan.check(); err != nil {
		return r, err
	}
	switch {
	case r.TenantID == "" || r.Mailbox == "":
		return r, fmt.Errorf("names no tenant or no mailbox")
	case r.Scope != fact.ScopeTenant && r.Target != r.Mailbox:
		return r, fmt.Errorf("changes %s, not the mailbox", r.Target)
	}
	return r, nil
}

// uniqueKeys refuses a name that stands twice, in whatever case: of two
// values, encoding/json would silently take the last.
func uniqueKeys(line []byte) error {
	d := json.NewDecoder(bytes.NewReader(line))
	seen := map[string]bool{}
	for {
		t, err := d.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if t == json.Delim('{') {
			continue
		}
		name, ok := t.(string)
		if !ok {
			continue
		}
		if name = strings.ToLower(name); seen[name] {
			return fmt.Errorf("%q stands twice", name)
		}
		seen[name] = true
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
	}
}
