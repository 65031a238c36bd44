//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package remediate

import (
	"errors"
	"os"
	"syscall"
)

// noFollow makes opening a symbolic link fail, and opening a pipe not wait for
// somebody at its other end.
const noFollow = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

// lock takes the file for this run alone, until it is closed. ErrBusy means
// that another run has it.
func lock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return ErrBusy
	}
	return err
}

// isLink reports whether an open failed because of noFollow.
func isLink(err error) bool {
	return errors.Is(err, syscall.ELOOP) || errors.Is(err, syscall.EMLINK)
}

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
