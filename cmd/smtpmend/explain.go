package main

import (
	"context"
	"io"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/logs"
	"smtpmend/internal/terminal"
	"smtpmend/internal/view"
)

// maxPaste bounds a text that is explained as one; a log goes to --log.
const maxPaste = 1 << 20

func (a *app) explainCommand() *cobra.Command {
	var log logFlag
	var list, each bool
	var forAdmin bool
	cmd := &cobra.Command{
		Use:   "explain [TEXT | CAUSE-CODE | --list]",
		Short: "Say what a reply, log line, bounce or client error means, offline",
		Long: `Explain reads a text as a server or a client printed it: a bare reply, a log
line, a bounce, an exception. It takes the text as an argument or from standard
input. Given the code of a cause it prints what is known about that cause;
--list names all codes. It connects to nothing.

With --log every argument is a file, - is standard input: logs of mail servers
and clients, bounces (.eml, mbox), exports of Entra's sign-in log (CSV, JSON),
Windows event logs saved as XML; packed (gz, bz2, xz, zst) or not. The answer is
a table: which mailbox fails, from which device, why, how often, since when.`,
		Example: `  smtpmend explain "535 5.7.139 Authentication unsuccessful, ..."
  smtpmend explain < bounce.txt
  smtpmend explain --log /var/log/mail.log /var/log/mail.log.1.gz
  smtpmend explain --log signins.csv -o csv
  smtpmend explain security-defaults`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case list && (len(args) > 0 || log.on):
				return usage("--list names all causes; it takes no text, code or --log beside it")
			case each && !log.on:
				return usage("--each lists the events of a log; name one with --log FILE")
			case *a.format == "csv" && !log.on:
				return usage("-o csv is for the table of --log; choose text or json")
			case list:
				return a.answer(view.Causes())
			case log.on && forAdmin:
				return usage("--for-admin is for one text or cause, not for a log")
			case log.on:
				return a.explainLogs(cmd.Context(), append(log.files, args...), each)
			case len(args) == 1 && causeCode.MatchString(args[0]):
				return a.explainCause(args[0], forAdmin)
			}
			if err := isFile(args); err != nil {
				return err
			}
			return a.explainText(cmd.Context(), args, forAdmin, again(cmd))
		},
		ValidArgsFunction: func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			if log.on {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return completeCauses(cmd, args, typed)
		},
	}
	cmd.Flags().Var(&log, "log", "read files: every argument is one (- for standard input)")
	cmd.Flags().Lookup("log").NoOptDefVal = "true"
	cmd.Flags().BoolVar(&each, "each", false, "with --log, list every event instead of counting them")
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
	d := diagnosed(text)
	if err := a.answer(forWhom(view.Explained(d, next), forAdmin)); err != nil {
		return err
	}
	if near := codesWith(text); d.Verdict == diagnose.Unknown && len(near) > 0 {
		a.note("to read about a cause, give its code: %s", strings.Join(near, ", "))
	}
	return exit(explainExit(d))
}

// diagnosed says what a text means; a bounce is taken apart first.
func diagnosed(text string) diagnose.Diagnosis {
	if m, ok := logs.Bounce(text); ok {
		return diagnose.Diagnosis{Meaning: m}
	}
	return diagnose.Text(text)
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
