// Package ownfile opens files that one run has for itself and that have to be
// on disk before what they announce is done: journals, and the record of a run
// over many mailboxes.
//
// It follows no symbolic link, waits at no pipe, and locks. What stands in the
// files is the matter of those who keep them.
package ownfile

import (
	"errors"
	"os"
	"runtime"
)

var (
	// ErrBusy: another run has the file.
	ErrBusy = errors.New("another run has it")
	// ErrLink: there is a symbolic link in the file's place.
	ErrLink = errors.New("it is a symbolic link")
	// ErrNoFile: there is a folder, a pipe or a device in the file's place.
	ErrNoFile = errors.New("it is no file")
)

// Open opens the regular file at path, never what a symbolic link points to.
// flag and perm are those of os.OpenFile. The error is ErrLink, ErrNoFile, or
// that of the system.
func Open(path string, flag int, perm os.FileMode) (*os.File, error) {
	f, err := os.OpenFile(path, flag|noFollow, perm)
	switch {
	case isLink(err):
		return nil, ErrLink
	case err != nil:
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = ErrNoFile
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// SyncDir has the names in dir on disk. Windows cannot sync a directory and
// writes its names through by itself.
func SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
