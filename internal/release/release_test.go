//go:build release

package release

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"debug/buildinfo"
	"debug/elf"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every file of a release but the sums has its sum.
func TestChecksums(t *testing.T) {
	sums := made.sums(t)
	files, err := os.ReadDir(made.dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(sums) != 4 || len(files) != len(sums)+1 {
		t.Errorf("%d files, %d sums", len(files), len(sums))
	}
	for name, want := range sums {
		if got := sum(t, filepath.Join(made.dir, name)); got != want {
			t.Errorf("%s: its sum is %s, the release says %s", name, got, want)
		}
	}
}

// Two builds of one commit are byte for byte the same, wherever, by whom and
// when they are made; and with a key the sums are signed.
func TestTwice(t *testing.T) {
	home := t.TempDir()
	t.Setenv("GNUPGHOME", home)
	in(t, home, "gpg", "--batch", "--passphrase", "", "--quick-generate-key", "release@example.org", "default", "sign")
	defer in(t, home, "gpgconf", "--kill", "all")
	again, err := build(".", filepath.Join(t.TempDir(), "again"), `umask 077; exec ./build "$1" --snapshot`,
		"TZ=Pacific/Auckland", "LC_ALL=C.UTF-8", "TMPDIR="+t.TempDir(), "SMTPMEND_SIGNING_KEY=release@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(made.sums(t), again.sums(t)); diff != "" {
		t.Errorf("-first +second\n%s", diff)
	}
	for name := range made.sums(t) {
		if sum(t, filepath.Join(made.dir, name)) != sum(t, filepath.Join(again.dir, name)) {
			t.Errorf("%s differs", name)
		}
	}
	in(t, home, "gpg", "--verify", again.file(t, ".asc"), again.file(t, "_checksums.txt"))
}

// A tag is a release of its own: its version stands in the names of the files,
// in the packages, and with the commit in the program.
func TestTag(t *testing.T) {
	clone := filepath.Join(t.TempDir(), "clone")
	in(t, root, "git", "clone", "--quiet", ".", clone)
	in(t, clone, "git", "-c", "user.name=release", "-c", "user.email=release@example.org", "tag", "--annotate", "--message=a test", "v1.98.99")
	tagged, err := build(filepath.Join(clone, "internal", "release"), filepath.Join(t.TempDir(), "tagged"), `exec ./build "$1"`)
	if err != nil {
		t.Fatal(err)
	}
	program := unpacked(t, tagged.archived(t))
	commit := strings.TrimSpace(in(t, root, "git", "rev-parse", "HEAD"))[:12]
	if got, want := in(t, root, program, "--version"), "smtpmend version v1.98.99, commit "+commit+"\n"; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
	if got := in(t, root, "dpkg-deb", "--field", tagged.file(t, "_1.98.99_linux_amd64.deb"), "Version"); got != "1.98.99\n" {
		t.Errorf("the package is of version %q", got)
	}
	// A tag that is not the commit's, or a tree that is not the tag's, is none.
	in(t, clone, "git", "-c", "user.name=release", "-c", "user.email=release@example.org", "commit", "--quiet", "--allow-empty", "--message=more")
	if _, err := build(filepath.Join(clone, "internal", "release"), filepath.Join(t.TempDir(), "untagged"), `exec ./build "$1"`); err == nil {
		t.Error("a commit without a tag was released")
	}
}

// archived are the files of the archive, by their names below its one
// directory.
func (r release) archived(t *testing.T) map[string][]byte {
	t.Helper()
	file := r.file(t, ".tar.gz")
	unpacked, err := gzip.NewReader(bytes.NewReader(read(t, file)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for tape := tar.NewReader(unpacked); ; {
		h, err := tape.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		name, ok := strings.CutPrefix(h.Name, strings.TrimSuffix(filepath.Base(file), ".tar.gz")+"/")
		if !ok {
			t.Errorf("%s stands outside of the archive's directory", h.Name)
		}
		want := fs.FileMode(0o644)
		if name == "smtpmend" {
			want = 0o755
		}
		if got := h.FileInfo().Mode(); got != want || h.Uid != 0 || h.Gid != 0 || h.Uname != "root" || h.Gname != "root" {
			t.Errorf("%s: %v, of %s:%s (%d:%d)", name, got, h.Uname, h.Gname, h.Uid, h.Gid)
		}
		if files[name], err = io.ReadAll(tape); err != nil {
			t.Fatal(err)
		}
	}
}

// committed are the documents of the commit.
func committed(t *testing.T) []string {
	var documents []string
	for _, file := range strings.Fields(in(t, root, "git", "ls-tree", "-r", "--name-only", "HEAD")) {
		at, name := path.Split(file)
		if name == "LICENSE" || path.Ext(name) == ".md" && (at == "" || strings.HasPrefix(at, "docs/")) {
			documents = append(documents, file)
		}
	}
	return documents
}

// manuals are the pages that a release has: the program's, one for each verb,
// and three topics.
func manuals(t *testing.T, program string) []string {
	pages := []string{"smtpmend.1", "smtpmend-environment.7", "smtpmend-exit-codes.7", "smtpmend-transcript.7"}
	help := in(t, root, program, "--help")
	_, verbs, _ := strings.Cut(help, "Available Commands:\n")
	verbs, _, _ = strings.Cut(verbs, "\n\n")
	for _, m := range regexp.MustCompile(`(?m)^  (\w+) `).FindAllStringSubmatch(verbs, -1) {
		if m[1] != "help" {
			pages = append(pages, "smtpmend-"+m[1]+".1")
		}
	}
	return pages
}

// The archive holds the program, its manual pages, the completions, all
// documents, and the licences of all that it is built of.
func TestArchive(t *testing.T) {
	files := made.archived(t)
	want := append(committed(t), "smtpmend", "LICENCES-OF-OTHERS.txt",
		"completions/_smtpmend", "completions/smtpmend.bash", "completions/smtpmend.fish", "completions/smtpmend.ps1")
	for _, page := range manuals(t, unpacked(t, files)) {
		want = append(want, "man/"+page+".gz")
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(files))); diff != "" {
		t.Errorf("-wanted +there\n%s", diff)
	}
	for name, text := range files {
		if len(text) == 0 {
			t.Errorf("%s is empty", name)
		}
		t.Logf("%9d %s", len(text), name)
	}
}

// What README of the archive points at is in the archive.
func TestReadmeOfTheArchive(t *testing.T) {
	files := made.archived(t)
	names := slices.Collect(maps.Keys(files))
	links := regexp.MustCompile(`\]\(([^)#:]+)`).FindAllSubmatch(files["README.md"], -1)
	for _, m := range links {
		at := path.Clean(string(m[1]))
		if !slices.ContainsFunc(names, func(n string) bool { return n == at || strings.HasPrefix(n, at+"/") }) {
			t.Errorf("README points at %s", at)
		}
	}
	if len(links) < 10 {
		t.Errorf("%d links", len(links))
	}
}

// unpacked is the path of the archive's program, ready to run.
func unpacked(t *testing.T, files map[string][]byte) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "smtpmend")
	if err := os.WriteFile(program, files["smtpmend"], 0o755); err != nil {
		t.Fatal(err)
	}
	return program
}

// The program needs nothing but a kernel, knows its version and commit, and
// nothing of where it was built. README says how large it is.
func TestProgram(t *testing.T) {
	program := unpacked(t, made.archived(t))
	f, err := elf.Open(program)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
			t.Errorf("it is not static: %v", p.Type)
		}
	}
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	commit := strings.TrimSpace(in(t, root, "git", "rev-parse", "HEAD"))
	for key, want := range map[string]string{
		"CGO_ENABLED": "0", "-trimpath": "true", "vcs.revision": commit, "vcs.modified": "false",
	} {
		if settings[key] != want {
			t.Errorf("%s is %q, want %q", key, settings[key], want)
		}
	}
	for _, part := range []string{commit[:12], info.Main.Version} {
		if said := in(t, root, program, "--version"); part == "" || !strings.Contains(said, part) {
			t.Errorf("it says %q, and nothing of %q", said, part)
		}
	}
	said := regexp.MustCompile(`one static file of (\d+) MB`).FindSubmatch(read(t, filepath.Join(root, "README.md")))
	if said == nil {
		t.Fatal("README does not say how large it is")
	}
	size := len(read(t, program))
	if megabytes, _ := strconv.Atoi(string(said[1])); size < (megabytes-2)*1e6 || size > (megabytes+2)*1e6 {
		t.Errorf("it has %d octets, README says %d MB", size, megabytes)
	}
	home, err := os.UserHomeDir()
	here, absErr := filepath.Abs(root)
	if err := errors.Join(err, absErr); err != nil {
		t.Fatal(err)
	}
	for _, place := range []string{filepath.Dir(os.TempDir()) + "/tmp.", home + "/go", here + "/"} {
		if bytes.Contains(read(t, program), []byte(place)) {
			t.Errorf("it names %s", place)
		}
	}
}

// The list of modules is the program's own.
func TestModules(t *testing.T) {
	info, err := buildinfo.ReadFile(unpacked(t, made.archived(t)))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"std"}
	for _, m := range info.Deps {
		want = append(want, m.Path)
	}
	var list struct {
		BOMFormat  string `json:"bomFormat"`
		Components []struct{ Name, Version string }
	}
	if err := json.Unmarshal(read(t, made.file(t, ".cdx.json")), &list); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range list.Components {
		got = append(got, c.Name)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" || list.BOMFormat != "CycloneDX" {
		t.Errorf("%s\n%s", list.BOMFormat, diff)
	}
	licences := string(made.archived(t)["LICENCES-OF-OTHERS.txt"])
	for _, m := range info.Deps {
		if !strings.Contains(licences, "\n"+m.Path+" "+m.Version+", ") {
			t.Errorf("there is no licence of %s", m.Path)
		}
	}
}
