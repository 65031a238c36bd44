package remediate

import (
	"os"
	"path/filepath"
	"runtime"
)

// makeDir makes dir and what is missing above it, for this user alone, and
// has each new name on disk when it returns.
func makeDir(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	var parents []string
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(d); err == nil || d == filepath.Dir(d) {
			break
		}
		parents = append(parents, filepath.Dir(d))
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, d := range parents {
		if err := syncDir(d); err != nil {
			return err
		}
	}
	return nil
}

// syncDir has the names in dir on disk. Windows cannot sync a directory and
// writes its names through by itself.
func syncDir(dir string) error {
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
