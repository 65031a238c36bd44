package report

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	parser "golang.org/x/net/html"
)

// hostile is what must be words in a document, whatever reads it.
const hostile = "</pre><script>alert(1)</script><img src=x onerror=alert(1)>\n# h\n- [a](javascript:x) `c` | **b** \x1b]0;x\a\u202e ![i](http://10.0.0.1/x) <http://10.0.0.1> http://10.0.0.1/ www.x.com wWw.x.com mailto:a@x.com xmpp:a@x.com ~~~ &lt; {{.}}"

// filled is a document with text in every place.
func filled(text string) Document {
	var d Document
	var fill func(v reflect.Value)
	fill = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			v.SetString(text)
		case reflect.Int64, reflect.Int:
			v.SetInt(int64(1500 * time.Millisecond))
		case reflect.Struct:
			for i := range v.NumField() {
				fill(v.Field(i))
			}
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 2, 2))
			fill(v.Index(0))
			fill(v.Index(1))
		case reflect.Array:
			for i := range v.Len() {
				fill(v.Index(i))
			}
		}
	}
	fill(reflect.ValueOf(&d).Elem())
	return d
}

// tags are the elements and attributes of a page.
func tags(t *testing.T, page string) (all []string, text string) {
	t.Helper()
	z := parser.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case parser.ErrorToken:
			return all, text
		case parser.TextToken:
			text += string(z.Text())
		case parser.StartTagToken, parser.SelfClosingTagToken:
			tok := z.Token()
			all = append(all, tok.Data)
			for _, a := range tok.Attr {
				all = append(all, tok.Data+" "+a.Key)
			}
		}
	}
}

// Whatever was said, the page has the same elements, and nothing of it is more
// than words.
func TestHostileHTML(t *testing.T) {
	var plain, attacked bytes.Buffer
	if err := HTML(&plain, filled("x")); err != nil {
		t.Fatal(err)
	}
	if err := HTML(&attacked, filled(hostile)); err != nil {
		t.Fatal(err)
	}
	want, _ := tags(t, plain.String())
	got, text := tags(t, attacked.String())
	if !reflect.DeepEqual(got, want) {
		t.Errorf("elements:\n%v\nwant\n%v", got, want)
	}
	if n := strings.Count(text, "alert(1)</script>"); n < 40 {
		t.Errorf("the words stand in it %d times", n)
	}
	for _, raw := range []string{"\x1b", "\a", "\u202e"} {
		if strings.Contains(attacked.String(), raw) {
			t.Errorf("raw %q", raw)
		}
	}
	for _, never := range []string{"script", "img", "link", "a", "iframe", "script src", "svg href"} {
		for _, tag := range got {
			if tag == never {
				t.Errorf("there is a %s", never)
			}
		}
	}
}

// An empty document is one all the same.
func TestEmpty(t *testing.T) {
	var page, text bytes.Buffer
	if err := HTML(&page, Document{Title: "t", Verdict: "v", Mood: Good}); err != nil {
		t.Fatal(err)
	}
	if err := Markdown(&text, Document{Title: "t", Verdict: "v"}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(page.String(), "<h2>") || text.String() != "# t\n\n**v**\n" {
		t.Errorf("%s\n%s", &page, &text)
	}
}

// What a timeline shows are the stages' shares, and all of it is in view.
func TestTimeline(t *testing.T) {
	d := Dialogue{Stages: []Stage{{Name: "connect", Took: 10 * time.Millisecond}, {Name: "tls", Took: 30 * time.Millisecond}, {Name: "auth", Took: 0, Failed: true}}}
	draw := timeline(d)
	if w := draw.Bars[1].Width / draw.Bars[0].Width; fmt.Sprintf("%.1f", w) != "3.0" {
		t.Errorf("%.2f times as long", w)
	}
	for _, b := range draw.Bars {
		if b.X < nameWidth || b.X+b.Width > nameWidth+barsWidth || b.Y+b.Height > draw.Height {
			t.Errorf("%+v is out of view", b)
		}
	}
	if timeline(Dialogue{Stages: []Stage{{Name: "a"}}}).Bars[0].Width <= 0 {
		t.Error("a stage that took no time is not seen")
	}
}

// Text and ground differ as WCAG 2.1 asks for at AA: 4.5 to 1.
func TestContrast(t *testing.T) {
	for _, pair := range [][2]string{{"1b1f24", "ffffff"}, {"57606a", "ffffff"}, {"0b4a1e", "eaf7ed"}, {"7a1710", "fdecea"}, {"5c3c00", "fdf3df"}, {"1b1f24", "f3f5f7"}} {
		for _, colour := range pair {
			if !strings.Contains(page, "#"+colour) {
				t.Errorf("#%s is in no style", colour)
			}
		}
		if got := contrast(luminance(t, pair[0]), luminance(t, pair[1])); got < 4.5 {
			t.Errorf("%s on %s: %.2f", pair[0], pair[1], got)
		}
	}
}
