//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package ownfile

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A link, a pipe and a folder are no file, and a pipe is not waited at.
func TestOpen(t *testing.T) {
	dir := t.TempDir()
	file, link, pipe := filepath.Join(dir, "file"), filepath.Join(dir, "link"), filepath.Join(dir, "pipe")
	if err := errors.Join(os.WriteFile(file, nil, 0o600), os.Symlink(file, link), syscall.Mkfifo(pipe, 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		path string
		want error
	}{{file, nil}, {link, ErrLink}, {pipe, ErrNoFile}, {filepath.Join(dir, "none"), os.ErrNotExist}, {dir, syscall.EISDIR}, {os.DevNull, ErrNoFile}} {
		f, err := Open(tt.path, os.O_RDWR, 0)
		if !errors.Is(err, tt.want) || (err == nil) != (f != nil) {
			t.Errorf("%s: %v, want %v", tt.path, err, tt.want)
		}
		if f != nil {
			f.Close()
		}
	}
	if err := SyncDir(dir); err != nil {
		t.Error(err)
	}
}

func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	open := func() *os.File {
		f, err := Open(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	one, two := open(), open()
	defer two.Close()
	if err := Lock(one); err != nil {
		t.Fatal(err)
	}
	if err := Lock(two); !errors.Is(err, ErrBusy) {
		t.Errorf("taken twice: %v", err)
	}
	one.Close()
	if err := Lock(two); err != nil {
		t.Errorf("after the other: %v", err)
	}
}
