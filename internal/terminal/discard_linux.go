package terminal

import "golang.org/x/sys/unix"

// Discard forgets what was typed on the terminal fd and not read yet.
// Where fd is none, the call fails and there is nothing to forget.
func Discard(fd int) { _ = unix.IoctlSetInt(fd, unix.TCFLSH, unix.TCIFLUSH) }
