package report

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// As Markdown the document has the same elements too, whatever was said.
func TestHostileMarkdown(t *testing.T) {
	render := func(text string) (page, source string) {
		var md, out bytes.Buffer
		if err := Markdown(&md, filled(text)); err != nil {
			t.Fatal(err)
		}
		if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert(md.Bytes(), &out); err != nil {
			t.Fatal(err)
		}
		return out.String(), md.String()
	}
	harmless, _ := render("x")
	attacked, source := render(hostile)
	want, _ := tags(t, harmless)
	got, _ := tags(t, attacked)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("elements:\n%v\nwant\n%v\n%s", got, want, source)
	}
	if len(want) < 100 || strings.Contains(source, "\x1b") {
		t.Errorf("%d elements\n%s", len(want), source)
	}
	for _, tag := range got {
		if tag == "a" || tag == "img" || tag == "script" {
			t.Errorf("there is a %s:\n%s", tag, source)
		}
	}
}
