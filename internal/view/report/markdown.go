package report

import (
	_ "embed"
	"io"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"text/template"
)

//go:embed document.md
var text string

var (
	squeezed = regexp.MustCompile(`\n{3,}`)
	leading  = regexp.MustCompile(`^(\d*)([-.=])`) // of a list or a heading
)

var markdown = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("document").Funcs(template.FuncMap{
		"plain": plain, "paragraph": paragraph, "code": block, "took": took,
	}).Parse(text))
})

// Markdown writes the document as CommonMark with tables. The error is w's.
func Markdown(w io.Writer, d Document) error {
	harmless(reflect.ValueOf(&d))
	var b strings.Builder
	if err := markdown().Execute(&b, d); err != nil {
		return err
	}
	_, err := io.WriteString(w, strings.TrimSpace(squeezed.ReplaceAllString(b.String(), "\n\n"))+"\n")
	return err
}

// plain writes text so that nothing of it is Markdown or HTML: every ASCII mark
// can be escaped (CommonMark 2.4).
func plain(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("\\`*_{}[]<>()#+!|~&\"'$@", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return autolinks.Replace(b.String())
}

// autolinks are what becomes a link where there is no mark (GFM 6.9).
var autolinks = strings.NewReplacer("://", `\://`, "www.", `www\.`, "WWW.", `WWW\.`, "Www.", `Www\.`)

// paragraph is plain text that begins a line, where it must not be a list.
func paragraph(s string) string { return leading.ReplaceAllString(plain(s), `$1\$2`) }

// block sets lines as code behind four blanks, where nothing is read as Markdown
// and no fence can be closed.
func block(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return "    " + strings.Join(lines, "\n    ")
}
