package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
	"smtpmend/internal/fact"
	"smtpmend/internal/view"
	"smtpmend/probe"
)

func (a *app) diagnoseCommand() *cobra.Command {
	var t target
	var admin adminFlags
	var reply string
	var tried timeValue
	var forAdmin bool
	var report reportFlags
	var lots manyFlags
	cmd := &cobra.Command{
		Use:   "diagnose MAILBOX...",
		Short: "Try the submission and name what stands in its way",
		Long: `Diagnose probes once, reads what the tenant says about it, and names the cause,
or all that remain where it cannot be told. It only reads.

With --oauth it gets a token for the mailbox itself, submits with it, and names
the first link that is missing and the one command that makes it.

With --reply nothing is probed and no password is needed: the reply that the
device showed is judged with what the tenant says.

The tenant is read when an administrator is signed in: with AZURE_TENANT_ID,
AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH, or on
a terminal with the browser, or a code where there is none (--auth chooses; none
leaves the tenant alone). Without, the reply alone is explained.

With many mailboxes, as arguments or in a list, results come as they are there
and a table by cause at the end. Each mailbox gets one attempt, with a password
of its own from the list, or with --same-password with the one at hand. After
three sign-ins in a row that were refused as locked, or as a password that is or
may be wrong, no other is begun until somebody says so. --resume keeps the
results in a file and goes on from there after Ctrl-C or a crash.`,
		Example: `  smtpmend diagnose scanner@contoso.com
  smtpmend diagnose --from-file customers.csv --resume run.jsonl
  smtpmend diagnose --from-file - -o csv < list.txt`,
		Args: mailboxes,
		RunE: func(cmd *cobra.Command, args []string) error {
			if lots.wanted(cmd, args) {
				if t.oauth.way != "" {
					return usage("--oauth proves one mailbox at a time; give one MAILBOX")
				}
				return a.diagnoseMany(cmd, &fleet{app: a, t: &t, admin: admin, flags: lots, args: args, report: report})
			}
			for _, name := range probing {
				if cmd.Flags().Changed("reply") && cmd.Flags().Changed(name) {
					return usage("--reply judges words and tries nothing; leave --%s out", name)
				}
			}
			if cmd.Flags().Changed("tried") && !cmd.Flags().Changed("reply") {
				return usage("--tried says when the reply was shown; give that with --reply")
			}
			if tried.After(time.Now().Add(time.Hour)) { // clocks differ
				return usage("--tried %s lies in the future", &tried)
			}
			if cmd.Flags().Changed("tried") && time.Since(tried.Time) > kept {
				return usage("--tried %s is more than 30 days ago, and Entra keeps sign-ins no longer than that; let the device send again, and give the time of that", tried.Format(time.RFC3339))
			}
			seen, err := a.seen(cmd.Context(), &t, args[0], &reply, cmd.Flags().Changed("reply"))
			if err != nil {
				return err
			}
			if t.oauth.Source != nil {
				return a.prove(cmd, &t, admin, report, forAdmin)
			}
			ten, err := a.admin(admin, t.Cloud, t.Mailbox)
			if err != nil {
				return err
			}
			defer ten.close()
			file, err := report.open()
			if err != nil {
				return err
			}
			defer file.drop()
			rep, d := seen()
			if ten == nil && admin.auth != noAuth && len(diagnose.Questions(d)) > 0 {
				a.note("%s", nobodySignedIn)
			}
			c, code := judged(cmd.Context(), d, rep, tried.Time, ten)
			if cmd.Context().Err() != nil && !rep.EndedBy(probe.FaultInterrupted) {
				a.note("interrupted while the tenant was read; what follows is not all")
			}
			c.Mailbox, c.Shown, c.Tried, c.Place = t.Mailbox, words.Masked(reply), tried.Time, placeOf(t.Mailbox, t.Cloud, ten, admin)
			c.Name = signInName(cmd.Context(), ten, c.Diagnosis, t.Mailbox)
			v := view.Diagnosed(c, again(cmd))
			if err := errors.Join(a.answer(forWhom(v, forAdmin)), file.keep(v, a.language)); err != nil {
				return err
			}
			return exit(code)
		},
	}
	t.flags(cmd.Flags())
	admin.flags(cmd.Flags())
	t.oauthFlag(cmd.Flags(), &admin.tenant)
	cmd.Flags().StringVar(&reply, "reply", "", "judge the reply `TEXT` that the device showed instead of probing (- for standard input)")
	cmd.Flags().Var(&tried, "tried", "with --reply: when the device showed it, such as 2026-11-26T09:05:00Z")
	forAdminFlag(cmd.Flags(), &forAdmin)
	report.flags(cmd.Flags())
	lots.flags(cmd.Flags())
	return cmd
}

// nobodySignedIn says why there is no evidence.
const nobodySignedIn = "no administrator is signed in (AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or --auth): the reply alone is explained"

// judged weighs a diagnosis against what the tenant says, and returns it with
// its exit code.
func judged(ctx context.Context, d diagnose.Diagnosis, rep *probe.Report, tried time.Time, ten *tenant) (view.Case, int) {
	heard := len(d.Notes)
	d = consult(ctx, d, rep, tried, ten)
	code := diagnoseExit(ctx, rep, d, ten)
	return view.Case{Diagnosis: d, Report: rep, Heard: heard, Asked: ten != nil, Trouble: code == exitTrouble}, code
}

// seen checks the command line and returns what makes the attempt, or judges
// the reply that the device showed.
func (a *app) seen(ctx context.Context, t *target, mailbox string, reply *string, given bool) (func() (*probe.Report, diagnose.Diagnosis), error) {
	t.judged = given
	config, err := a.resolve(ctx, t, mailbox)
	if err != nil {
		return nil, err
	}
	if !given {
		return func() (*probe.Report, diagnose.Diagnosis) {
			rep := a.try(ctx, config)
			return rep, diagnose.Record(rep)
		}, nil
	}
	if *reply == "-" {
		if *reply, err = a.pasted(ctx); err != nil {
			return nil, err
		}
	}
	if strings.TrimSpace(*reply) == "" {
		return nil, usage("--reply is empty; give it the words that the device showed, or - for standard input")
	}
	d := diagnose.Text(*reply)
	if d.Mechanism = strings.ToUpper(t.mechanism); len(d.Candidates) > 1 {
		d.Candidates = slices.DeleteFunc(slices.Clone(d.Candidates), func(c catalogue.Code) bool {
			cause, _ := catalogue.Lookup(c)
			return !cause.MetBy(d.Mechanism)
		})
	}
	return func() (*probe.Report, diagnose.Diagnosis) { return nil, d }, nil
}

// A timeValue is the value of a flag: a time of RFC 3339, whose seconds may be
// left out. It implements pflag.Value.
type timeValue struct{ time.Time }

func (*timeValue) Type() string { return "TIME" }

func (v *timeValue) String() string {
	if v.IsZero() {
		return ""
	}
	return v.Format(time.RFC3339)
}

func (v *timeValue) Set(s string) error {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, s); err == nil {
			v.Time = t
			return nil
		}
	}
	return fmt.Errorf("write it as 2026-11-26T09:05:00Z, or with +01:00 for the Z")
}

// signInName is the name that the account signs in with, where a wrong user name
// or password may be why the sign-in was refused and Graph knows the account by
// another name; "" otherwise.
func signInName(ctx context.Context, ten *tenant, d diagnose.Diagnosis, mailbox string) string {
	if ten == nil || d.Cause != catalogue.BadCredentials && !slices.Contains(d.Candidates, catalogue.BadCredentials) {
		return ""
	}
	user := ten.Subject(ctx).User
	if user.Err != nil || user.Name == "" || strings.EqualFold(user.Name, mailbox) || checkAddress("mailbox", user.Name) != nil {
		return ""
	}
	return user.Name
}

// kept is how long Entra's sign-in log keeps a sign-in at most (Microsoft Learn,
// "Microsoft Entra data retention").
const kept = 30 * 24 * time.Hour

// lately is how old a sign-in record may be to be taken for that of the attempt
// whose reply the device showed.
const lately = 30 * time.Minute

// consult weighs a diagnosis against what the tenant says, where it has a
// part in the matter and somebody is signed in.
func consult(ctx context.Context, d diagnose.Diagnosis, rep *probe.Report, tried time.Time, ten *tenant) diagnose.Diagnosis {
	questions := diagnose.Questions(d)
	if len(questions) == 0 || ten == nil {
		return d
	}
	read := ten.Read(ctx, questions...)
	switch {
	case rep != nil:
		return d.With(read, rep.Started)
	case !tried.IsZero():
		return d.With(read, tried)
	}
	// A record of these minutes may be of another attempt than the device's: it
	// counts only where the words leave what it says possible.
	read = slices.DeleteFunc(read, func(r fact.Reading) bool {
		number, err := strconv.Atoi(r.Value)
		return r.Fact == fact.UserSignInError && err == nil && !d.Allows(words.SignInCode(number))
	})
	return d.With(read, time.Now().Add(-lately))
}

// diagnoseExit is probeExit, but for a cause that stayed open because nobody
// could sign in to the tenant.
func diagnoseExit(ctx context.Context, rep *probe.Report, d diagnose.Diagnosis, ten *tenant) int {
	code := probeExit(ctx, rep, d)
	if code == exitUnsettled && ten != nil && ten.err != nil {
		return exitTrouble
	}
	return code
}

func forAdminFlag(fs *pflag.FlagSet, on *bool) {
	fs.BoolVar(on, "for-admin", false, "print the text to hand to whoever administers the tenant")
}
