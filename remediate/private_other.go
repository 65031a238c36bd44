//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package remediate

import "os"

func private(string, os.FileInfo) error { return nil }
