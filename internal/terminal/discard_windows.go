package terminal

import "golang.org/x/sys/windows"

// Discard forgets what was typed on the console fd and not read yet.
// Where fd is none, the call fails and there is nothing to forget.
func Discard(fd int) { _ = windows.FlushConsoleInputBuffer(windows.Handle(fd)) }
