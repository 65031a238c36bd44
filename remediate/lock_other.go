//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package remediate

import "os"

// There is no O_NOFOLLOW here, and no advisory lock that leaves the file
// readable to others; see the package comment.
const noFollow = 0

func lock(*os.File) error { return nil }

func isLink(error) bool { return false }

func private(string, os.FileInfo) error { return nil }
