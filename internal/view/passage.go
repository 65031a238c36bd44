package view

import "io"

// A Passage is words of the program's own beside an answer. What is empty is
// left out.
type Passage struct {
	Title    string      // stands between blank lines
	Heading  string      // stands behind one
	Text     string      // set behind Indent
	Indent   string      //
	Rows     [][2]string // a key and what it means
	Commands []string    // to be pasted
}

// Tell writes passages. The error is w's.
func Tell(w io.Writer, f Form, all ...Passage) error {
	p := f.page()
	for _, passage := range all {
		if passage.Title != "" {
			p.heading(passage.Title)
			p.blank()
		}
		if passage.Heading != "" {
			p.heading(passage.Heading)
		}
		if passage.Text != "" {
			p.prose(passage.Indent, passage.Text)
		}
		for _, row := range passage.Rows {
			p.item("  "+pad(row[0], 25), "                           ", row[1])
		}
		p.commands(passage.Commands...)
	}
	_, err := p.WriteTo(w)
	return err
}
