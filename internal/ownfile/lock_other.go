//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package ownfile

import "os"

// There is no O_NOFOLLOW here, and no advisory lock that leaves the file
// readable to others.
const noFollow = 0

// Lock does nothing here.
func Lock(*os.File) error { return nil }

func isLink(error) bool { return false }
