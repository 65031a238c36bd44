//go:build release

package release

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// made is the release that the tests look at.
var made release

// A release is what internal/release/build left in a directory.
type release struct{ dir string }

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "smtpmend-release-")
	if err == nil {
		made, err = build(".", filepath.Join(dir, "made"), `umask 022; exec ./build "$1" --snapshot`)
	}
	code := 1
	if err == nil {
		code = m.Run()
	} else {
		fmt.Fprintln(os.Stderr, err)
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

// build has a shell make a release for one target, in a directory dir that is
// not there yet. It works where the script build is.
func build(from, dir, script string, env ...string) (release, error) {
	cmd := exec.Command("sh", "-c", script, "sh", dir)
	cmd.Dir = from
	cmd.Env = append(os.Environ(), append([]string{"SMTPMEND_ONE_TARGET=1"}, env...)...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return release{}, fmt.Errorf("build: %w\n%s", err, out)
	}
	return release{dir}, nil
}

// file is the one file with an ending.
func (r release) file(t *testing.T, ending string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(r.dir, "*"+ending))
	if err != nil || len(found) != 1 {
		t.Fatalf("*%s: %q, %v", ending, found, err)
	}
	return found[0]
}

// sums are the checksums that the release holds, by file.
func (r release) sums(t *testing.T) map[string]string {
	t.Helper()
	f, err := os.Open(r.file(t, "_checksums.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sums := map[string]string{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		sum, name, ok := strings.Cut(lines.Text(), "  ")
		if !ok {
			t.Errorf("checksums: %q", lines.Text())
		}
		sums[name] = sum
	}
	return sums
}

// sum is the SHA-256 of a file.
func sum(t *testing.T, file string) string {
	t.Helper()
	h := sha256.Sum256(read(t, file))
	return hex.EncodeToString(h[:])
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// root is the directory of the repository.
var root = filepath.Join("..", "..")

// in returns what a command prints, run in a directory.
func in(t *testing.T, dir string, command ...string) string {
	t.Helper()
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%q: %v\n%s", command, err, out)
	}
	return string(out)
}
