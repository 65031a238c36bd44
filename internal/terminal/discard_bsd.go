//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package terminal

import "golang.org/x/sys/unix"

// fread is FREAD of <sys/fcntl.h>: the queue of what was typed.
const fread = 1

// Discard forgets what was typed on the terminal fd and not read yet.
// Where fd is none, the call fails and there is nothing to forget.
func Discard(fd int) { _ = unix.IoctlSetPointerInt(fd, unix.TIOCFLUSH, fread) }
