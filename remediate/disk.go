package remediate

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"smtpmend/internal/ownfile"
)

// A DirError says why a directory cannot hold journals.
type DirError struct {
	Dir, Why string
	// Close is whether "chmod go-w" on Dir mends it.
	Close bool
}

func (e *DirError) Error() string { return fmt.Sprintf("the journal directory %s %s", e.Dir, e.Why) }

// CheckDir makes sure that journals can be kept in dir before anything else is
// done: it makes the directory where it is missing, for this user alone, and
// tries to write there. The error is a *DirError.
func CheckDir(dir string) error {
	if err := makeDir(dir); err != nil {
		return asDirError(dir, err)
	}
	f, err := os.CreateTemp(dir, ".try-*")
	if err != nil {
		return asDirError(dir, err)
	}
	if err := errors.Join(f.Close(), os.Remove(f.Name())); err != nil {
		return asDirError(dir, err)
	}
	return nil
}

func asDirError(dir string, err error) error {
	if _, ok := errors.AsType[*DirError](err); ok {
		return err
	}
	if path, ok := errors.AsType[*os.PathError](err); ok {
		err = path.Err
	}
	return &DirError{Dir: dir, Why: "cannot be used: " + err.Error()}
}

// makeDir makes dir and what is missing above it, for this user alone, and
// has each new name on disk when it returns. A directory that others may
// write to is refused.
func makeDir(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	var parents []string
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(d); err == nil || d == filepath.Dir(d) {
			break
		}
		parents = append(parents, filepath.Dir(d))
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, d := range parents {
		if err := ownfile.SyncDir(d); err != nil {
			return err
		}
	}
	return checkPrivate(dir)
}

// checkPrivate refuses a directory of journals that is not the user's own and
// closed to others.
func checkPrivate(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	return private(dir, info)
}
