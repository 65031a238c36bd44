package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/many"
	"smtpmend/internal/view"
	"smtpmend/internal/view/safe"
)

// manyFlags are those of diagnose for many mailboxes.
type manyFlags struct {
	list, resume string
	parallel     int
	same         bool
}

func (f *manyFlags) flags(fs *pflag.FlagSet) {
	fs.StringVar(&f.list, "from-file", "", "the mailboxes of `LIST`: an address a line, or CSV with a header: mailbox, password, password-file, token, server, from (- for standard input)")
	fs.IntVar(&f.parallel, "parallel", many.DefaultParallel, "`N` mailboxes at a time, up to "+fmt.Sprint(many.MostParallel))
	fs.StringVar(&f.resume, "resume", "", "keep the results in `FILE` as JSON lines, and go on from what is there")
	fs.BoolVar(&f.same, "same-password", false, "sign in to every mailbox with the one password or token at hand")
}

// ofMany are the flags that make even one mailbox a run over many.
var ofMany = []string{"from-file", "resume", "parallel", "same-password"}

func (f *manyFlags) wanted(cmd *cobra.Command, args []string) bool {
	return len(args) > 1 || slices.ContainsFunc(ofMany, cmd.Flags().Changed) || cmd.Flag("output").Value.String() == "csv"
}

// alone are the flags of diagnose that are about one mailbox.
var alone = []string{"reply", "tried", "for-admin"}

// mailboxes is the check of diagnose's arguments.
func mailboxes(cmd *cobra.Command, args []string) error {
	if len(args) == 0 && !cmd.Flags().Changed("from-file") {
		return usage("which mailbox? Say: %s scanner@contoso.com, or name a list with --from-file", cmd.CommandPath())
	}
	return nil
}

// diagnoseMany diagnoses the mailboxes of the command line and of the list.
func (a *app) diagnoseMany(cmd *cobra.Command, f *fleet) error {
	for _, name := range alone {
		if cmd.Flags().Changed(name) {
			return usage("--%s is for one mailbox at a time", name)
		}
	}
	if f.flags.parallel < 1 || f.flags.parallel > many.MostParallel {
		return usage("--parallel is from 1 to %d, not %d", many.MostParallel, f.flags.parallel)
	}
	f.cmd = cmd
	if err := f.apart(); err != nil {
		return err
	}
	if err := f.muster(cmd.Context()); err != nil {
		return err
	}
	defer f.tenants.Close()
	var err error
	if f.file, err = f.report.open(); err != nil {
		return err
	}
	defer f.file.drop()
	streak, err := f.takeUp()
	if err != nil {
		return err
	}
	run := &many.Run[tried]{
		Mailboxes: f.left(), Parallel: f.flags.parallel, Streak: streak,
		Attempt: f.attempt, Begin: f.begin, End: f.end, Pausing: f.pausing, Tell: f.tell,
	}
	if a.Interactive {
		run.Ask, run.Every = f.ask, time.Second
	}
	ended := run.Do(cmd.Context())
	f.clear()
	f.status = ""
	err = f.sumUp(ended)
	if f.record != nil {
		if lost := f.record.Close(); lost != nil && ended.Why != many.Broken {
			return errors.Join(trouble("%s may not be whole: %s", f.flags.resume, lost), err)
		}
	}
	return err
}

// sumUp prints the table, and returns the exit code.
func (f *fleet) sumUp(e many.Ended) error {
	for _, mailbox := range e.NotTried {
		f.groups.Add(mailbox, view.NotTried, "")
	}
	say, commands := f.advice(e)
	summary := view.Summed(&f.groups, say, commands...)
	if f.record != nil && e.Why != many.Broken {
		if err := f.record.Add(asJSON(summary)); err != nil && e.Err == nil {
			e.Why, e.Err = many.Broken, f.unrecorded(err)
		}
	}
	if err := errors.Join(f.answer(summary), f.file.keep(summary, f.language)); err != nil {
		return err
	}
	switch {
	case e.Err != nil:
		return e.Err
	case e.Why == many.Refusals, f.results == 0:
		return exit(exitTrouble)
	}
	return exit(f.worst)
}

// refusedInARow is why a run was stopped.
const refusedInARow = "Three sign-ins in a row were refused as locked or as a password that is or may be wrong, so no other was tried: going on could lock more accounts. Correct the passwords first."

// advice is what to do after a run. Only with a record does the same command
// leave alone what was refused.
func (f *fleet) advice(e many.Ended) (say string, commands []string) {
	switch {
	case e.Why == many.Complete && f.worst != exitOK:
		return "smtpmend fix MAILBOX goes on with one of them; smtpmend explain CAUSE says what a cause means.", nil
	case e.Why == many.Refusals && f.record == nil:
		return refusedInARow, nil
	case e.Why == many.Refusals:
		say = refusedInARow + " Then, at a terminal, which asks about it, the same command goes on with what has no result yet"
	case e.Why == many.Complete:
		return "", nil
	case f.record == nil:
		return "What is finished counts. With --resume FILE the results are kept there, and the next run goes on from them.", nil
	default:
		say = "The same command goes on with what has no result yet"
	}
	if line, ok := f.sameAgain(); ok {
		return say + ":", []string{line}
	}
	return say + ".", nil
}

// sameAgain is this command line; it cannot be written where the list came from
// standard input.
func (f *fleet) sameAgain() (string, bool) {
	if f.flags.list == "-" {
		return "", false
	}
	words := append([]string{"diagnose"}, f.args...)
	f.cmd.Flags().Visit(func(flag *pflag.Flag) {
		if slices.Contains(ofMany, flag.Name) {
			words = append(words, flagWords(flag)...)
		}
	})
	return again(f.cmd)(words...)
}

// ask asks whether to go on after refusals.
func (f *fleet) ask(ctx context.Context, refused []string, left int) bool {
	f.settle()
	f.note("refused one after the other as locked or as a password that is or may be wrong: %s; going on may lock more accounts", strings.Join(refused, ", "))
	yes, err := f.approves(ctx, f.app.t("Go on with %s? Type yes:", f.language.Count(left, "mailbox", "mailboxes"))+" ", "yes")
	return yes && err == nil
}

func (f *fleet) pausing(d time.Duration) {
	f.settle()
	f.note("the service asks for fewer requests; pausing for %s", view.Round(d))
}

// settle makes room on the terminal and has the record on disk, before a time in
// which nothing begins. That it failed shows at the next attempt.
func (f *fleet) settle() {
	f.clear()
	if f.record != nil {
		_ = f.record.Sync()
	}
}

// tell says how far the run is, on a terminal in one line that stays.
func (f *fleet) tell(p many.Progress) {
	status := f.app.t("%d of %d done, %d under way", p.Done, p.Done+p.UnderWay+p.Left, p.UnderWay)
	if !f.rewinds() {
		f.note("%s", status)
		return
	}
	f.status = status
	f.show()
}

// show puts the line on the terminal, clear takes it off for something else.
func (f *fleet) show() {
	if f.status != "" {
		fmt.Fprint(f.Err, safe.Rewind, f.status)
	}
}

func (f *fleet) clear() {
	if f.status != "" {
		fmt.Fprint(f.Err, safe.Rewind)
	}
}

// worse has the exit codes of many mailboxes, the worst first.
var worse = []int{exitTrouble, exitUnsettled, exitCause, exitOK}

// count takes in the result of one mailbox.
func (f *fleet) count(mailbox string, v diagnose.Verdict, cause catalogue.Code, code int) {
	f.groups.Add(mailbox, string(v), cause)
	if f.results++; slices.Index(worse, code) < slices.Index(worse, f.worst) {
		f.worst = code
	}
}

// unrecorded is why a run ended that could not keep its record.
func (f *fleet) unrecorded(err error) error {
	if _, ok := errors.AsType[*exitError](err); ok {
		return err
	}
	return trouble("%s cannot be written, so nothing more was tried: %s", f.flags.resume, err)
}
