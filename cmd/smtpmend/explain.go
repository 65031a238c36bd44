package main

import (
	"context"
	"errors"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/logs"
	"smtpmend/diagnose/words"
	"smtpmend/internal/terminal"
	"smtpmend/internal/view"
)

// maxPaste bounds a text that is explained as one; a log goes to --log.
const maxPaste = 1 << 20

func (a *app) explainCommand() *cobra.Command {
	var log string
	var list bool
	var forAdmin bool
	cmd := &cobra.Command{
		Use:   "explain [TEXT | CAUSE-CODE | --list]",
		Short: "Say what a reply, log line, bounce or client error means, offline",
		Long: `Explain reads a text as a server or a client printed it: a bare reply, a log
line, a bounce, an exception. It takes the text as an argument or from standard
input, or a whole log with --log. Given the code of a cause it prints what is
known about that cause; --list names all codes. It connects to nothing.`,
		Example: `  smtpmend explain "535 5.7.139 Authentication unsuccessful, ..."
  smtpmend explain < bounce.txt
  smtpmend explain --log /var/log/mail.log
  smtpmend explain security-defaults`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case list && (len(args) > 0 || cmd.Flags().Changed("log")):
				return usage("--list names all causes; it takes no text, code or --log beside it")
			case list:
				return a.answer(view.Causes())
			case log != "" && len(args) > 0:
				return usage("either a text or --log, not both")
			case cmd.Flags().Changed("log"):
				return a.explainLog(cmd.Context(), log)
			case len(args) == 1 && causeCode.MatchString(args[0]):
				return a.explainCause(args[0], forAdmin)
			}
			return a.explainText(cmd.Context(), args, forAdmin, again(cmd))
		},
		ValidArgsFunction: completeCauses,
	}
	cmd.Flags().StringVar(&log, "log", "", "read a whole log `FILE` (- for standard input)")
	cmd.Flags().BoolVar(&list, "list", false, "name all causes, by who can mend them")
	forAdminFlag(cmd.Flags(), &forAdmin)
	return cmd
}

// causeCode matches what can only be meant as the code of a cause.
var causeCode = regexp.MustCompile(`^[a-z]+(-[a-z]+)+$|^(temporary|throttled)$`)

func (a *app) explainCause(code string, forAdmin bool) error {
	cause, ok := catalogue.Lookup(catalogue.Code(code))
	if !ok {
		if hint := didYouMean(code, causeWords()); hint != "" {
			return usage("%q is no cause that smtpmend knows%s", code, hint)
		}
		return usage("%q is no cause that smtpmend knows (smtpmend explain --list names them); to explain a text that looks like a code, give it on standard input", code)
	}
	return a.answer(forWhom(view.Cause(cause), forAdmin))
}

// forWhom is the answer, or where it is for an administrator the text to hand
// over.
func forWhom(v view.Answer, forAdmin bool) view.Answer {
	if forAdmin {
		return view.ForAdmin(v)
	}
	return v
}

// explainText reads standard input where no text was given; an empty argument
// is one, such as that of a variable that a script left empty.
func (a *app) explainText(ctx context.Context, args []string, forAdmin bool, next view.NextCommand) error {
	text := strings.Join(args, " ")
	if len(args) == 0 {
		var err error
		if text, err = a.pasted(ctx); err != nil {
			return err
		}
	}
	if strings.TrimSpace(text) == "" {
		return usage("there is no text to explain; give it as an argument or on standard input")
	}
	d := diagnose.Text(text)
	if err := a.answer(forWhom(view.Explained(d, next), forAdmin)); err != nil {
		return err
	}
	if near := codesWith(text); d.Verdict == diagnose.Unknown && len(near) > 0 {
		a.note("to read about a cause, give its code: %s", strings.Join(near, ", "))
	}
	return exit(explainExit(d))
}

// pasted reads a text from standard input.
func (a *app) pasted(ctx context.Context) (string, error) {
	if a.Interactive {
		a.note("paste the text, then press Ctrl-D on a line of its own")
	}
	b, err := terminal.Await(ctx, func() ([]byte, error) { return io.ReadAll(io.LimitReader(a.In, maxPaste+1)) })
	if ctx.Err() != nil {
		return "", trouble("interrupted while standard input was read")
	}
	if err != nil {
		return "", trouble("standard input cannot be read: %s", err)
	}
	if len(b) > maxPaste {
		return "", usage("the text is longer than 1 MiB; for a log say: smtpmend explain --log FILE")
	}
	return string(b), nil
}

// explainExit tells a recognised text from an unknown one.
func explainExit(d diagnose.Diagnosis) int {
	if d.Verdict == diagnose.Unknown {
		return exitUnsettled
	}
	return exitOK
}

// explainLog prints an answer for each line that holds a reply, and a count
// at the end.
func (a *app) explainLog(ctx context.Context, name string) error {
	in := a.In
	if name != "-" {
		f, err := terminal.Open(ctx, name)
		if err != nil && ctx.Err() == nil {
			return usage("the log cannot be read: %s", err)
		}
		defer f.Close()
		in = f
	}
	counts := view.Tally{}
	err := logs.Scan(terminal.Reader(ctx, in), func(line int, m words.Meaning) error {
		d := diagnose.Diagnosis{Meaning: m}
		counts.Add(d.Verdict, d.Cause)
		return a.answer(view.Logged{Line: line, Diagnosis: d})
	})
	var path *os.PathError
	var unprinted *exitError
	switch {
	case ctx.Err() != nil:
		return trouble("interrupted; the log was not read to its end")
	case errors.As(err, &unprinted):
		return err
	case errors.As(err, &path):
		return usage("the log cannot be read: %s", err)
	case err != nil:
		return trouble("the log could not be read to its end: %s", err)
	}
	if counts.Total == 0 {
		a.note("nothing in this log is a reply to a submission")
	}
	for _, word := range counts.Words {
		a.note("%6d  %s", counts.Of[word], word)
	}
	if counts.Total == counts.Of[string(diagnose.Unknown)] {
		return exit(exitUnsettled)
	}
	return nil
}
