package stand

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// MakeDir makes the directory of --save, and returns what it had to make, from
// the top; "" is none.
func MakeDir(save string) (made []string, err error) {
	if save == "" {
		return nil, nil
	}
	dir, err := filepath.Abs(save)
	if err != nil {
		return nil, flagError("--save directory cannot be made: %s", err)
	}
	for above := dir; ; above = filepath.Dir(above) {
		if _, err := os.Lstat(above); !errors.Is(err, fs.ErrNotExist) {
			break
		}
		made = append([]string{above}, made...)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, flagError("--save directory cannot be made: %s", err)
	}
	return made, nil
}

// TryDir makes sure that messages can be kept by whom smtpmend runs as.
func TryDir(save string) error {
	if save == "" {
		return nil
	}
	f, err := os.CreateTemp(save, ".smtpmend-*")
	if err != nil {
		return flagError("--save directory cannot be written to: %s", err)
	}
	f.Close()
	return os.Remove(f.Name())
}

// KeepCertificate writes the certificate, without its key, for devices to
// import.
func KeepCertificate(text []byte) (string, error) {
	dir, err := os.MkdirTemp("", "smtpmend-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "certificate.pem")
	return path, os.WriteFile(path, text, 0o644)
}
