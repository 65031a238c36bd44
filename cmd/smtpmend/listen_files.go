package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// makeSaveDir makes --save's directory, and returns what it had to make, from
// the top.
func (l *listening) makeSaveDir() (made []string, err error) {
	if l.save == "" {
		return nil, nil
	}
	dir, err := filepath.Abs(l.save)
	if err != nil {
		return nil, usage("--save directory cannot be made: %s", err)
	}
	for above := dir; ; above = filepath.Dir(above) {
		if _, err := os.Lstat(above); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		made = append([]string{above}, made...)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, usage("--save directory cannot be made: %s", err)
	}
	return made, nil
}

// trySaveDir makes sure that messages can be kept by whom smtpmend runs as.
func (l *listening) trySaveDir() error {
	if l.save == "" {
		return nil
	}
	f, err := os.CreateTemp(l.save, ".smtpmend-*")
	if err != nil {
		return usage("--save directory cannot be written to: %s", err)
	}
	f.Close()
	return os.Remove(f.Name())
}

// keepCertificate writes the certificate, without its key, for devices to
// import.
func keepCertificate(text []byte) (string, error) {
	dir, err := os.MkdirTemp("", "smtpmend-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "certificate.pem")
	return path, os.WriteFile(path, text, 0o644)
}
