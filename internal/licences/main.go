// Command licences writes the licences of what a program is built of, on
// whichever system of a release: of each module, and of Go itself. They ask to
// be handed on with it.
//
//	go run ./internal/licences PACKAGE >FILE
//
// It does not judge a licence, and looks for none below a module's root.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: licences PACKAGE")
		os.Exit(2)
	}
	var all bytes.Buffer
	err := write(&all, os.Args[1])
	if err == nil {
		_, err = os.Stdout.Write(all.Bytes())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

// systems are those that a release is built for; some modules are needed on
// one of them alone.
var systems = []string{"linux", "darwin", "windows"}

// write writes the licences of all that a package is built of.
func write(w io.Writer, pkg string) error {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	if err := licensed(w, "Go "+runtime.Version(), strings.TrimSpace(string(goroot))); err != nil {
		return err
	}
	modules := map[string]string{}
	for _, system := range systems {
		if err := list(modules, pkg, system); err != nil {
			return err
		}
	}
	for _, title := range slices.Sorted(maps.Keys(modules)) {
		if err := licensed(w, title, modules[title]); err != nil {
			return err
		}
	}
	return nil
}

// list adds the modules, but for the package's own, that a package is built of
// on a system, and the directories in which they are.
func list(modules map[string]string, pkg, system string) error {
	var stderr bytes.Buffer
	cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}", pkg)
	cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%v: %w\n%s", cmd.Args, err, stderr.Bytes())
	}
	for line := range strings.Lines(string(out)) {
		if title, dir, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			modules[title] = dir
		}
	}
	return nil
}

// named are the files at the root of a module in which its licence stands, and
// what has to be handed on with it.
var (
	named  = regexp.MustCompile(`(?i)^((un)?licen[cs]e|copying|notice|patents)(-[a-z]+)?(\.(txt|md))?$`)
	beside = regexp.MustCompile(`(?i)^(notice|patents)`)
)

// licensed writes what a directory's licence says, under a title. It is an
// error that there is none.
func licensed(w io.Writer, title, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	found := false
	for _, e := range entries {
		if e.IsDir() || !named.MatchString(e.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		found = found || !beside.MatchString(e.Name())
		text = bytes.TrimSpace(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
		if _, err := fmt.Fprintf(w, "%s\n%s, %s\n\n%s\n\n", strings.Repeat("=", 72), title, e.Name(), text); err != nil {
			return err
		}
	}
	if !found {
		return errors.New(title + " has no licence at its root, " + dir)
	}
	return nil
}
