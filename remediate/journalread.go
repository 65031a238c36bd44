package remediate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"smtpmend/internal/fact"
	"smtpmend/internal/ownfile"
)

// maxJournal bounds what is read of a journal; a fix writes a few kilobytes.
const maxJournal = 1 << 20

// lockWait is how long OpenJournal waits for another run to be done: an undo
// beside this one takes no longer, a fix does.
const lockWait = 5 * time.Second

// OpenJournal takes the journal at path for this run, to undo what it holds.
// It fails with ErrBusy while another run has it, with a *DirError where others
// may swap it, and with ErrJournal for a symbolic link and for whatever does
// not look like this program's own work. What a crash left torn is passed over.
func OpenJournal(ctx context.Context, path string) (*Journal, error) {
	f, err := open(path, os.O_RDWR|os.O_APPEND)
	if err != nil {
		return nil, err
	}
	if err := checkPrivate(filepath.Dir(path)); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	for start := time.Now(); ; {
		err = lock(f)
		if !errors.Is(err, ErrBusy) || time.Since(start) >= lockWait {
			break
		}
		if err = sleep(ctx, 50*time.Millisecond); err != nil {
			break
		}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	j := &Journal{path: path, file: f}
	if err := j.read(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return j, nil
}

// ReadJournal reads the journal at path without taking it, to tell what it
// holds at the moment.
func ReadJournal(path string) (*Journal, error) {
	f, err := open(path, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	j := &Journal{path: path}
	return j, j.read(f)
}

// open opens a regular file, never what a symbolic link points to.
func open(path string, flag int) (*os.File, error) {
	f, err := ownfile.Open(path, flag, 0)
	switch {
	case errors.Is(err, ownfile.ErrLink):
		return nil, fmt.Errorf("%w: %s is a symbolic link", ErrJournal, path)
	case errors.Is(err, ownfile.ErrNoFile):
		return nil, fmt.Errorf("%w: %s is no file", ErrJournal, path)
	}
	return f, err
}

// lock takes the file for this run alone, until it is closed. ErrBusy means
// that another run has it.
func lock(f *os.File) error {
	err := ownfile.Lock(f)
	if errors.Is(err, ownfile.ErrBusy) {
		return ErrBusy
	}
	return err
}

func (j *Journal) read(f *os.File) error {
	text, err := io.ReadAll(io.LimitReader(f, maxJournal+1))
	if err != nil {
		return err
	}
	if err := j.load(text); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrJournal, j.path, err)
	}
	return nil
}

// Journals returns the journals in dir, the newest first. What is no journal,
// or cannot be read, is left out.
func Journals(dir string) ([]*Journal, error) {
	files, err := filepath.Glob(filepath.Join(escapeGlob(dir), "*.jsonl"))
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	var all []*Journal
	for _, path := range slices.Backward(files) {
		if j, err := ReadJournal(path); err == nil {
			all = append(all, j)
		}
	}
	return all, nil
}

// escapeGlob has the characters of a name stand for themselves. Windows knows
// no escape, and no such characters in names but brackets.
func escapeGlob(name string) string {
	if os.PathSeparator == '\\' {
		return name
	}
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(name)
}

// load takes over the records of text.
func (j *Journal) load(text []byte) error {
	if len(text) > maxJournal {
		return fmt.Errorf("larger than %d bytes", maxJournal)
	}
	for line := 1; len(text) > 0; line++ {
		one, more, complete := bytes.Cut(text, []byte("\n"))
		if j.torn = !complete; len(one) > 0 {
			if err := j.take(one); err != nil && !isTorn(one) {
				return fmt.Errorf("line %d: %w", line, err)
			}
		}
		text = more
	}
	return nil
}

// isTorn reports whether line is the beginning of a record that a crash cut
// off: it was never acted upon. A file system may fill up with zeros.
func isTorn(line []byte) bool {
	const start = `{"schema":`
	line = bytes.Trim(line, "\x00")
	if !strings.HasPrefix(string(line), start) && !strings.HasPrefix(start, string(line)) {
		return false
	}
	var r record
	err := json.NewDecoder(bytes.NewReader(line)).Decode(&r)
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
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
	return j.follow(Entry{Number: r.Number, Cause: r.Cause, Change: r.Change, Object: r.Object, State: r.State, Begun: r.At, At: r.At})
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
	if last.State.final() || last.Change != e.Change || last.Cause != e.Cause || last.Object != e.Object {
		return fmt.Errorf("change %d does not match the lines above it", e.Number)
	}
	e.Begun = last.Begun
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
	if r.Schema != journalSchema && r.Schema != 1 {
		return r, fmt.Errorf("schema %d is not known to this version", r.Schema)
	}
	if err := uniqueKeys(line); err != nil {
		return r, err
	}
	switch r.State {
	case Intent, Sent, Applied, NotApplied, Skipped, Restoring, Restored, AsBefore:
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
		return r, fmt.Errorf("changes %q, not the mailbox", r.Target)
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
