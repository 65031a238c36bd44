//go:build !unix || aix || solaris

package stand

import "errors"

// setUser is for systems where root can be given up.
func setUser(int, int, []int) error { return errors.ErrUnsupported }

func becomeRoot() error { return errors.ErrUnsupported }
