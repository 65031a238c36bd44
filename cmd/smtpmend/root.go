package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"smtpmend/internal/view"
	"smtpmend/internal/view/safe"
)

const about = `smtpmend finds out why a printer, a scanner or an app cannot submit mail
through Microsoft 365, and mends it.

It tries the sign-in itself, records every word of the dialogue, names the
cause, or says that it cannot tell yet. A change is made only after you
approved it, and can be put back.`

const examples = `  smtpmend demo                              see it work, without a tenant
  smtpmend explain "535 5.7.139 ..."         what a reply means, offline
  smtpmend diagnose scanner@contoso.com      try the sign-in, name the cause`

// run executes one command line and returns the exit code. A panic of ours is
// our own trouble, and its text for those who ask for it.
func run(ctx context.Context, c *console, args []string) (code int) {
	defer func() {
		if p := recover(); p != nil {
			c.crash(p, debug.Stack())
			c.note("smtpmend itself failed; please report it with what --verbose adds")
			code = exitTrouble
		}
	}()
	c.Out, c.Err = &safe.Net{W: c.Out, Colour: c.Color}, &safe.Net{W: c.Err, Colour: c.Color, Status: c.rewinds()}
	root := newRoot(c)
	if completing(args) {
		offerValues(root)
	}
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitOK
	}
	if err.Error() != "" {
		c.note(err.Error())
	}
	code = exitCode(err)
	if e, ok := errors.AsType[*exitError](err); code == exitUsage && !(ok && e.Plain) {
		fmt.Fprintf(c.Err, "See \"%s --help\".\n", cmd.CommandPath())
	}
	return code
}

func newRoot(c *console) *cobra.Command {
	format := outputFormat("text")
	root := &cobra.Command{
		Use:           "smtpmend",
		Short:         "Mend mail submission to Microsoft 365",
		Long:          about,
		Example:       examples,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          knownVerb,

		PersistentPreRunE: contradicts,

		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(knownFlag)
	root.SetIn(c.In)
	root.SetOut(c.Out)
	root.SetErr(c.Err)
	root.PersistentFlags().VarP(&format, "output", "o", "text or json; csv for tables")
	c.language = closest(c.Locales)
	root.PersistentFlags().Var((*languageFlag)(&c.language), "lang", "`LANGUAGE` of texts for people: en or cs (default: the person's, on a terminal)")
	root.PersistentFlags().BoolVarP(&c.verbose, "verbose", "v", false, "print all that is known")
	app := &app{console: c, format: &format}
	root.AddCommand(
		app.probeCommand(), app.explainCommand(), app.diagnoseCommand(),
		app.fixCommand(), app.verifyCommand(), app.undoCommand(),
		app.inventoryCommand(), app.listenCommand(), app.simulateCommand(), app.demoCommand(),
	)
	helpful(root)
	return root
}

// crash prints a panic of ours, where that is wanted.
func (c *console) crash(what any, stack []byte) {
	if c.verbose {
		for line := range strings.Lines(fmt.Sprintf("%v\n%s", what, stack)) {
			fmt.Fprintln(c.Err, safe.Text(strings.TrimSuffix(line, "\n")))
		}
	}
}

// An app is what all verbs share.
type app struct {
	*console
	format *outputFormat

	signedInTo sync.Map // tenants, by id, of which it was told
}

// answer prints the result.
func (a *app) answer(v view.Answer) error {
	return unprinted(view.Print(a.Out, v, a.form()))
}

// form is how what this run says is printed.
func (a *app) form() view.Form {
	return view.Form{JSON: *a.format == "json", CSV: *a.format == "csv", Verbose: a.verbose, Colour: a.Color, Language: a.language}
}

// unprinted is what a full disk or closed pipe behind standard output is: our
// own trouble, not a wrong command line.
func unprinted(err error) error {
	if err == nil {
		return nil
	}
	return trouble("the answer could not be printed: %s", err)
}

// outputFormat is the value of --output.
type outputFormat string

var outputFormats = []string{"text", "json", "csv"}

func (f *outputFormat) String() string { return string(*f) }
func (*outputFormat) Type() string     { return "format" }

func (f *outputFormat) Set(s string) error {
	if !slices.Contains(outputFormats, s) {
		return fmt.Errorf("choose text or json, or csv for a table")
	}
	*f = outputFormat(s)
	return nil
}
