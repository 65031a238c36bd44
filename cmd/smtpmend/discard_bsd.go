//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package main

import "golang.org/x/sys/unix"

// fread is FREAD of <sys/fcntl.h>: the queue of what was typed.
const fread = 1

// discardInput forgets what was typed on the terminal fd and not read yet.
// Where fd is none, the call fails and there is nothing to forget.
func discardInput(fd int) { _ = unix.IoctlSetPointerInt(fd, unix.TIOCFLUSH, fread) }
