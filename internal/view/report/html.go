package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"reflect"
	"sync"
	"time"
)

//go:embed document.html
var page string

var html = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("document").Funcs(template.FuncMap{
		"timeline": timeline, "bars": bars, "took": took,
	}).Parse(page))
})

// HTML writes the document as one file that needs no other. The error is w's.
func HTML(w io.Writer, d Document) error {
	harmless(reflect.ValueOf(&d))
	return html().Execute(w, d)
}

// A bar is a piece of a drawing, in units of its view box.
type bar struct {
	X, Y, Width, Height float64
	Label, Value        string
	Failed              bool
	Kind                int
}

// A drawing is what a template needs to draw bars.
type drawing struct {
	Width, Height float64
	Bars          []bar
}

// The geometry of a timeline, in units of its view box.
const (
	rowHeight = 26
	nameWidth = 84
	barsWidth = 220
	textWidth = 116
)

// timeline draws each stage beside the time it took, one behind the other.
func timeline(d Dialogue) drawing {
	var whole time.Duration
	for _, s := range d.Stages {
		whole += s.Took
	}
	out := drawing{Width: nameWidth + barsWidth + textWidth, Height: float64(len(d.Stages) * rowHeight)}
	var begun time.Duration
	for i, s := range d.Stages {
		share := func(t time.Duration) float64 { return barsWidth * float64(t) / float64(max(whole, 1)) }
		b := bar{X: nameWidth + share(begun), Y: float64(i * rowHeight), Width: max(share(s.Took), 2), Height: rowHeight - 8, Label: s.Name, Value: took(s.Took), Failed: s.Failed}
		b.X = min(b.X, nameWidth+barsWidth-b.Width)
		out.Bars = append(out.Bars, b)
		begun += s.Took
	}
	return out
}

// The geometry of a chart by day.
const (
	chartHeight = 140
	dayWidth    = 18
	labelSpace  = 20
)

// bars draws two counts a day, one on top of the other.
func bars(c Chart) drawing {
	most := 1
	for _, d := range c.Days {
		most = max(most, d.Counts[0]+d.Counts[1])
	}
	out := drawing{Width: float64(max(len(c.Days), 1) * dayWidth), Height: chartHeight + labelSpace}
	for i, d := range c.Days {
		bottom := float64(chartHeight)
		for kind, n := range d.Counts {
			height := chartHeight * float64(n) / float64(most)
			bottom -= height
			out.Bars = append(out.Bars, bar{X: float64(i * dayWidth), Y: bottom, Width: dayWidth - 4, Height: height,
				Label: d.Name, Value: fmt.Sprintf("%s: %d", c.Kinds[kind], n), Kind: kind})
		}
	}
	return out
}

// took says a duration to a person.
func took(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
