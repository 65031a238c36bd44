package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"smtpmend/internal/listen"
	"smtpmend/internal/m365"
	"smtpmend/internal/stand"
	"smtpmend/internal/terminal"
	"smtpmend/internal/view"
	"smtpmend/internal/view/safe"
	"smtpmend/probe"
)

// A console is the world around the command: what it reads and writes.
// The answer goes to Out, everything else to Err.
type console struct {
	In        io.Reader
	Out, Err  io.Writer
	LookupEnv func(string) (string, bool)
	// Interactive is true when a person can be asked: standard input and
	// standard error are terminals.
	Interactive bool
	// Dumb is true where a terminal shows line below line, and nothing else.
	Dumb bool
	// Color is true when Out may be coloured.
	Color bool
	// Locales are the languages of the person at Out, the dearest first; empty
	// where nobody is.
	Locales []string

	// Discard forgets what was typed ahead, where In is a terminal; nil where
	// nothing can be.
	Discard func()

	silence  func()        // ends a countdown, nil where none runs
	lines    *bufio.Reader // of In, once a question was asked
	verbose  bool          // --verbose: print all that is known
	language view.Language // --lang, else of Locales

	// A demonstration answers its own questions and may have the probe behave
	// like an odd device.
	rehearsal bool
	adjust    func(*probe.Config)

	// Lesser says whom root becomes before it hears devices, nil for nobody,
	// where this process is not root; nil where root is kept.
	Lesser func() (*stand.User, error)

	// interfaces are this machine's; nil for listen.Interfaces.
	interfaces func() ([]listen.Interface, error)

	// open signs in to a tenant; nil for m365.Open. Tests bound its requests
	// with it, or share one sign-in.
	open func(context.Context, m365.Options) (*m365.Tenant, error)
}

// t is a text in the language of the person.
func (c *console) t(format string, args ...any) string { return c.language.Say(format, args...) }

// note says something on the side. What an argument says stands close.
func (c *console) note(format string, args ...any) {
	for i, arg := range args {
		switch arg := arg.(type) {
		case string:
			args[i] = safe.Line(arg)
		case error:
			args[i] = safe.Line(arg.Error())
		}
	}
	text := c.t(format, args...)
	if len(args) == 0 { // it may come ready made, with foreign words in it
		text = safe.Line(text)
	}
	fmt.Fprintln(c.Err, safe.Text("smtpmend: "+text))
}

// ask prints prompt and reads a line, or gives up when ctx ends. What was
// typed before the prompt does not count.
func (c *console) ask(ctx context.Context, prompt string) (string, error) {
	c.quiet()
	if c.Discard != nil {
		c.Discard()
		c.lines = nil
	}
	fmt.Fprint(c.Err, safe.Text(prompt))
	line, err := terminal.Await(ctx, func() (string, error) {
		if c.lines == nil {
			c.lines = bufio.NewReader(c.In)
		}
		line, err := c.lines.ReadString('\n')
		return strings.TrimSpace(line), err
	})
	switch {
	case ctx.Err() != nil:
		fmt.Fprintln(c.Err)
	case err == io.EOF:
		err = nil // no answer is no
	}
	return line, err
}

// tries is how often a question is asked before no answer is taken for no.
const tries = 3

// approves asks until word or nothing is typed. Anything else is told what was
// expected, and in the end counts as no.
func (c *console) approves(ctx context.Context, prompt, word string) (bool, error) {
	for range tries {
		said, err := c.ask(ctx, prompt)
		switch {
		case err != nil:
			return false, err
		case strings.EqualFold(said, word):
			return true, nil
		case said == "", strings.EqualFold(said, "no"), strings.EqualFold(said, "n"):
			return false, nil
		}
		c.note("%q is not %q; type %s, or press Enter to leave everything as it is", safe.Text(said), word, word)
	}
	return false, nil
}

// askSecret prints prompt and reads a line without echo, or gives up when ctx
// ends; the terminal echoes again then.
func (c *console) askSecret(ctx context.Context, prompt string) (string, error) {
	f, ok := c.In.(*os.File)
	if !ok {
		return "", errors.New("standard input is no terminal")
	}
	fmt.Fprint(c.Err, safe.Text(prompt))
	defer fmt.Fprintln(c.Err)
	return terminal.Secret(ctx, f)
}
