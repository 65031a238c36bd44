//go:build unix && !aix && !solaris

package stand

import "syscall"

// setUser changes who this process is, in all its threads.
func setUser(uid, gid int, groups []int) error {
	if err := syscall.Setgroups(groups); err != nil {
		return err
	}
	if err := syscall.Setgid(gid); err != nil {
		return err
	}
	return syscall.Setuid(uid)
}

// becomeRoot tries what must fail afterwards.
func becomeRoot() error { return syscall.Setuid(0) }
