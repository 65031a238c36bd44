package lab

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"smtpmend/internal/tenantsim"
)

// A directory that somebody else uses is left alone.
func TestOpenLeavesOthersAlone(t *testing.T) {
	open := func(dir string) (*Lab, error) {
		return Open(t.Context(), dir, tenantsim.Default(), tenantsim.Device{}, tenantsim.Options{})
	}
	refused := func(what, dir string) {
		t.Helper()
		l, err := open(dir)
		if err == nil {
			l.Close()
		}
		if problem, ok := errors.AsType[*DirError](err); !ok {
			t.Errorf("%s: %v", what, problem)
		}
	}
	dir := t.TempDir()
	first, err := open(dir)
	if err != nil {
		t.Fatal(err)
	}
	refused("a tenant that runs", dir)
	if _, err := os.Stat(first.EndpointFile()); err != nil {
		t.Error(err)
	}
	first.Close()
	again, err := open(dir)
	if err != nil {
		t.Fatalf("one that ended: %v", err)
	}
	again.Close()

	other := t.TempDir()
	const private = `{"name":"private","smtp":"smtp.contoso.com:587","login":"https://login.contoso.com/","graph":"https://graph.contoso.com","exchange":"https://outlook.contoso.com"}`
	file := filepath.Join(other, tenantsim.EndpointFile)
	if err := os.WriteFile(file, []byte(private), 0o600); err != nil {
		t.Fatal(err)
	}
	refused("another cloud", other)
	for what, make := range map[string]func(path string) error{
		"a file": func(path string) error { return os.WriteFile(path, []byte("mine"), 0o600) },
		"a link": func(path string) error { return os.Symlink(file, path) }, "a directory": func(path string) error { return os.Mkdir(path, 0o700) },
	} {
		for _, name := range []string{tenantsim.EndpointFile, tenantsim.CAFile, Posix.File} {
			place := t.TempDir()
			if err := make(filepath.Join(place, name)); err != nil {
				t.Fatal(err)
			}
			refused(what+" called "+name, place)
		}
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != private {
		t.Errorf("%v: %s", err, text)
	}
}
