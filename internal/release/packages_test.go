//go:build release

package release

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// packaged are the files that a package has to hold.
func packaged(t *testing.T, zsh string) []string {
	files := []string{
		"/usr/bin/smtpmend",
		"/usr/share/bash-completion/completions/smtpmend",
		"/usr/share/fish/vendor_completions.d/smtpmend.fish",
		zsh,
		"/usr/share/doc/smtpmend/LICENCES-OF-OTHERS.txt",
		"/usr/share/doc/smtpmend/copyright",
	}
	for _, page := range manuals(t, unpacked(t, made.archived(t))) {
		files = append(files, "/usr/share/man/man"+page[len(page)-1:]+"/"+page+".gz")
	}
	for _, page := range committed(t) {
		if page != "LICENSE" {
			files = append(files, "/usr/share/doc/smtpmend/"+page)
		}
	}
	slices.Sort(files)
	return files
}

// filesOf are the files below a directory, but for what the installer keeps.
func filesOf(t *testing.T, dir string) []string {
	t.Helper()
	var files []string
	for _, f := range strings.Fields(in(t, dir, "find", ".", "-path", "./var", "-prune", "-o", "-type", "f", "-print")) {
		files = append(files, strings.TrimPrefix(f, "."))
	}
	slices.Sort(files)
	return files
}

// The package for Debian is installed where there is nothing else, its
// demonstration runs there, and nothing of it stays behind.
func TestDeb(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "root")
	for _, d := range []string{"var/lib/dpkg/info", "var/lib/dpkg/updates", "tmp"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "var/lib/dpkg/status"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	in(t, dir, "dpkg", "--root="+dir, "--install", made.file(t, ".deb"))
	if diff := cmp.Diff(packaged(t, "/usr/share/zsh/vendor-completions/_smtpmend"), filesOf(t, dir)); diff != "" {
		t.Errorf("-wanted +there\n%s", diff)
	}
	if changed := in(t, dir, "dpkg", "--root="+dir, "--verify", "smtpmend"); changed != "" {
		t.Errorf("it is not as it was packed:\n%s", changed)
	}
	demonstrates(t, dir)
	in(t, dir, "dpkg", "--root="+dir, "--purge", "smtpmend")
	if left := filesOf(t, dir); len(left) > 0 {
		t.Errorf("it left behind %q", left)
	}
}

// The same of the package for RPM.
func TestRPM(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "root")
	if err := os.MkdirAll(filepath.Join(dir, "tmp"), 0o755); err != nil {
		t.Fatal(err)
	}
	// Debian's rpm keeps its database in a home unless it is told to do otherwise.
	rpm := func(args ...string) {
		t.Helper()
		in(t, dir, append([]string{"rpm", "--root=" + dir, "--dbpath=/var/lib/rpm"}, args...)...)
	}
	rpm("--install", made.file(t, ".rpm"))
	if diff := cmp.Diff(packaged(t, "/usr/share/zsh/site-functions/_smtpmend"), filesOf(t, dir)); diff != "" {
		t.Errorf("-wanted +there\n%s", diff)
	}
	rpm("--verify", "smtpmend")
	demonstrates(t, dir)
	rpm("--erase", "smtpmend")
	if left := filesOf(t, dir); len(left) > 0 {
		t.Errorf("it left behind %q", left)
	}
}

// demonstrates has the installed program show its main job, in a root that
// holds the package and an empty /tmp alone, and nothing of this machine's
// environment.
func demonstrates(t *testing.T, dir string) {
	t.Helper()
	cmd := exec.Command("chroot", dir, "/usr/bin/smtpmend", "demo")
	cmd.Env = []string{}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "scanner@contoso.com can submit") || !strings.Contains(string(out), "Put back.") {
		t.Errorf("demo: %v\n%s", err, out)
	}
	if left, err := os.ReadDir(filepath.Join(dir, "tmp")); err != nil || len(left) > 0 {
		t.Errorf("demo left %v in /tmp, %v", left, err)
	}
}
