package internal_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/oasdiff/yaml3"
)

// A document is a page that people read, by its path in the repository.
type document struct{ path, text string }

// documents are all of them: at the root, in docs, and the forms of issues.
func documents(t *testing.T) []document {
	t.Helper()
	var all []document
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/*/*.md", ".github/*.md", ".github/*/*"} {
		found, err := filepath.Glob(filepath.Join("..", filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range found {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, document{filepath.ToSlash(strings.TrimPrefix(file, ".."+string(filepath.Separator))), string(text)})
		}
	}
	for _, needed := range []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/verbs.md", "docs/causes/security-defaults.md", ".github/ISSUE_TEMPLATE/2-fault.yml"} {
		if !slices.ContainsFunc(all, func(d document) bool { return d.path == needed }) {
			t.Errorf("there is no %s", needed)
		}
	}
	return all
}

// A block is what stands between two fences.
type block struct{ language, text string }

// parts are the running text of a document, and its blocks.
func (d document) parts(t *testing.T) (string, []block) {
	t.Helper()
	var prose strings.Builder
	var blocks []block
	inside := false
	for line := range strings.Lines(d.text) {
		fence, ok := strings.CutPrefix(line, "```")
		switch {
		case ok && inside:
			if strings.TrimSpace(fence) != "" {
				t.Errorf("%s: a block begins in another: %s", d.path, line)
			}
			inside = false
		case ok:
			inside = true
			blocks = append(blocks, block{language: strings.TrimSpace(fence)})
		case inside:
			blocks[len(blocks)-1].text += line
		default:
			prose.WriteString(line)
		}
	}
	if inside {
		t.Errorf("%s: its last block has no end", d.path)
	}
	return prose.String(), blocks
}

// Every block says what it holds, and is that. Consoles stand where their
// commands are run by TestExamples of cmd/smtpmend; PowerShell is read by the
// tests of internal/powershell.
func TestBlocks(t *testing.T) {
	read := map[string]int{}
	for _, d := range documents(t) {
		_, blocks := d.parts(t)
		for _, b := range blocks {
			read[b.language]++
			switch b.language {
			case "sh":
				if runtime.GOOS == "windows" {
					continue // it has no sh
				}
				cmd := exec.Command("sh", "-n")
				cmd.Stdin = strings.NewReader(b.text)
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%s: no shell reads this: %v\n%s%s", d.path, err, out, b.text)
				}
			case "json":
				for line := range strings.Lines(b.text) {
					if !json.Valid([]byte(line)) {
						t.Errorf("%s: this is no JSON: %s", d.path, line)
					}
				}
			case "console":
				if at := path.Dir(d.path); at != "docs" && d.path != "README.md" || !strings.HasPrefix(b.text, "$ ") {
					t.Errorf("%s: nobody runs this:\n%s", d.path, b.text)
				}
			case "powershell":
				if path.Dir(d.path) != "docs/causes" && d.path != "docs/sign-in.md" {
					t.Errorf("%s: nobody reads this:\n%s", d.path, b.text)
				}
			case "text": // what is to be looked at alone
			default:
				t.Errorf("%s: a block of %q", d.path, b.language)
			}
		}
	}
	for _, language := range []string{"sh", "json", "console", "powershell"} {
		if read[language] == 0 {
			t.Errorf("no block of %s was found", language)
		}
	}
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	// noAnchor is what GitHub leaves out of a heading for its anchor.
	noAnchor = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// anchors are what a link may lead to within a document.
func (d document) anchors(t *testing.T) []string {
	prose, _ := d.parts(t)
	var all []string
	for _, m := range heading.FindAllStringSubmatch(prose, -1) {
		all = append(all, strings.ReplaceAll(noAnchor.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-"))
	}
	return all
}

// Each link leads to a file that exists, and to a heading in it. What is on
// the web is only written as it has to be: nothing here asks for it.
func TestLinks(t *testing.T) {
	all := documents(t)
	found := 0
	for _, d := range all {
		prose, _ := d.parts(t)
		for _, m := range link.FindAllStringSubmatch(strings.ReplaceAll(prose, "\n", " "), -1) {
			found++
			if strings.HasPrefix(m[1], "https://") {
				continue
			}
			file, anchor, anchored := strings.Cut(m[1], "#")
			to := path.Join(path.Dir(d.path), file)
			if file == "" {
				to = d.path
			}
			if _, err := os.Stat(filepath.Join("..", filepath.FromSlash(to))); err != nil {
				t.Errorf("%s: %v", d.path, err)
			}
			at := slices.IndexFunc(all, func(d document) bool { return d.path == to })
			if anchored && (at < 0 || !slices.Contains(all[at].anchors(t), anchor)) {
				t.Errorf("%s: %s has no #%s", d.path, to, anchor)
			}
		}
	}
	if found < 100 {
		t.Errorf("%d links", found)
	}
}

// place is a path in the repository as documents write it.
var place = regexp.MustCompile(`(^|[\s("` + "`" + `])((?:cmd|probe|diagnose|remediate|internal|docs|testdata|\.ci|\.github)/[\w./*-]*)`)

// Each path of the repository that a document names is there. The pages of the
// causes name those of Microsoft's repositories.
func TestPlaces(t *testing.T) {
	found := 0
	for _, d := range documents(t) {
		if path.Dir(d.path) == "docs/causes" {
			continue
		}
		text, blocks := d.parts(t)
		for _, b := range blocks {
			if b.language != "console" { // what is printed names Microsoft's as well
				text += b.text
			}
		}
		for _, m := range place.FindAllStringSubmatchIndex(text, -1) {
			at := text[m[4]:m[5]]
			if strings.HasPrefix(text[m[5]:], "<") {
				at = path.Dir(at) // the rest is to be filled in
			}
			at = strings.TrimSuffix(strings.TrimRight(at, "."), "/...")
			found++
			if there, err := filepath.Glob(filepath.Join("..", filepath.FromSlash(at))); err != nil || len(there) == 0 {
				t.Errorf("%s: there is no %s", d.path, at)
			}
		}
	}
	if found < 80 {
		t.Errorf("%d places", found)
	}
}

// Each test that a document names exists, whole or as the beginning of others.
func TestNamedTests(t *testing.T) {
	var sources bytes.Buffer
	err := filepath.WalkDir("..", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, "_test.go") {
			return err
		}
		text, err := os.ReadFile(file)
		sources.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, d := range documents(t) {
		for _, name := range regexp.MustCompile(`\b(?:Test|Fuzz)[A-Z]\w+`).FindAllString(d.text, -1) {
			found++
			if !bytes.Contains(sources.Bytes(), []byte("func "+name+"(")) {
				t.Errorf("%s: there is no %s", d.path, name)
			}
		}
	}
	if found < 40 {
		t.Errorf("%d tests are named", found)
	}
}

// A form is what GitHub reads below .github/ISSUE_TEMPLATE.
type form struct {
	Name, Description string
	Labels            []string
	Body              []struct {
		Type, ID   string
		Attributes struct {
			Label, Description, Value, Render string
			Options                           []any
		}
		Validations struct{ Required bool }
	}
}

// Every form warns of secrets first, asks for what is needed, the redacted
// transcript among it, and has it confirmed that it holds no secret.
func TestIssueForms(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", ".github", "ISSUE_TEMPLATE", "[0-9]*.yml"))
	if err != nil || len(files) < 3 {
		t.Fatalf("%q, %v", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var f form
		read := yaml.NewDecoder(bytes.NewReader(text))
		read.KnownFields(true)
		if err := read.Decode(&f); err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if f.Name == "" || f.Description == "" || len(f.Body) < 4 {
			t.Errorf("%s: %+v", file, f)
			continue
		}
		if first := f.Body[0]; first.Type != "markdown" || !strings.Contains(first.Attributes.Value, "No secrets") {
			t.Errorf("%s does not begin with a warning: %+v", file, first)
		}
		transcript, confirmed := false, false
		ids := map[string]bool{}
		for _, field := range f.Body[1:] {
			if field.ID == "" || ids[field.ID] || field.Attributes.Label == "" ||
				!slices.Contains([]string{"textarea", "input", "dropdown", "checkboxes"}, field.Type) {
				t.Errorf("%s: %+v", file, field)
			}
			ids[field.ID] = true
			transcript = transcript || field.Validations.Required && strings.Contains(field.Attributes.Description, "redacted transcript") &&
				strings.Contains(field.Attributes.Description, "--verbose")
			if field.Type == "checkboxes" {
				for _, o := range field.Attributes.Options {
					option, ok := o.(map[string]any)
					confirmed = confirmed || ok && option["required"] == true
				}
			}
		}
		if !transcript || !confirmed {
			t.Errorf("%s asks for the transcript: %v, has it confirmed that there is no secret: %v", file, transcript, confirmed)
		}
	}
}
