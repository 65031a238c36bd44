package stand

import (
	"fmt"
	"os"
	"os/user"
	"slices"
	"strconv"
)

// A User is whom root becomes.
type User struct {
	Name     string
	uid, gid int
	groups   []int
}

// Lesser is who called sudo, else nobody; nil where this process is not root.
func Lesser(lookup func(string) (string, bool)) (*User, error) {
	if os.Geteuid() != 0 { // -1 on Windows
		return nil, nil
	}
	uid, gid := number(lookup, "SUDO_UID"), number(lookup, "SUDO_GID")
	if uid > 0 && gid > 0 {
		who := &User{Name: "the user " + strconv.Itoa(uid), uid: uid, gid: gid, groups: []int{gid}}
		if known, err := user.LookupId(strconv.Itoa(uid)); err == nil {
			who.Name = known.Username
			err = who.joins(known)
			return who, err
		}
		return who, nil // of a directory that is out of reach just now
	}
	known, err := user.Lookup("nobody")
	if err != nil {
		return nil, err
	}
	who := &User{Name: known.Username}
	if who.uid, err = strconv.Atoi(known.Uid); err != nil {
		return nil, err
	}
	if who.gid, err = strconv.Atoi(known.Gid); err != nil {
		return nil, err
	}
	who.groups = []int{who.gid}
	return who, nil
}

// number is a variable of the environment, 0 where it holds no positive
// number.
func number(lookup func(string) (string, bool), name string) int {
	text, _ := lookup(name)
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil {
		return 0
	}
	return int(n)
}

// joins adds the groups that the user is in.
func (l *User) joins(known *user.User) error {
	ids, err := known.GroupIds()
	if err != nil {
		return err
	}
	for _, id := range ids {
		gid, err := strconv.Atoi(id)
		if err != nil {
			return err
		}
		if !slices.Contains(l.groups, gid) {
			l.groups = append(l.groups, gid)
		}
	}
	return nil
}

// GiveUpRoot goes on as the user. The files become that user's, so that they can
// be written and removed.
func (l *User) GiveUpRoot(files []string) error {
	for _, path := range files {
		if err := os.Lchown(path, l.uid, l.gid); err != nil {
			return fmt.Errorf("%s could not be handed over to %s: %s", path, l.Name, err)
		}
	}
	if err := l.become(); err != nil {
		return fmt.Errorf("root cannot be given up, and nothing is heard as root: %s", err)
	}
	return nil
}

// become ends in an error unless there is no way back.
func (l *User) become() error {
	if err := setUser(l.uid, l.gid, l.groups); err != nil {
		return err
	}
	if os.Getuid() != l.uid || os.Geteuid() != l.uid || os.Getegid() != l.gid || becomeRoot() == nil {
		return fmt.Errorf("the system did not let go of it")
	}
	return nil
}
