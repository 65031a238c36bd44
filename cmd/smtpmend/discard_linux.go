package main

import "golang.org/x/sys/unix"

// discardInput forgets what was typed on the terminal fd and not read yet.
// Where fd is none, the call fails and there is nothing to forget.
func discardInput(fd int) { _ = unix.IoctlSetInt(fd, unix.TCFLSH, unix.TCIFLUSH) }
