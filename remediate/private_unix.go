//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package remediate

import (
	"os"
	"syscall"
)

// private refuses a journal's directory that somebody else owns or may write to: who can
// swap a journal decides what undo does.
func private(dir string, info os.FileInfo) error {
	stat, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case ok && int(stat.Uid) != os.Geteuid():
		return &DirError{Dir: dir, Why: "belongs to another user"}
	case info.Mode().Perm()&0o022 != 0:
		return &DirError{Dir: dir, Why: "can be written to by other users", Close: true}
	}
	return nil
}
