package main

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/many"
	"smtpmend/internal/view/safe"
	"smtpmend/probe"
)

// takeUp opens the record and takes in what it holds; the streak is that of its
// results.
func (f *fleet) takeUp() (*many.Streak, error) {
	f.out = f.keeps()
	streak := new(many.Streak)
	if !f.cmd.Flags().Changed("resume") {
		return streak, nil
	}
	name := f.flags.resume
	if err := f.notBoth(name); err != nil {
		return nil, err
	}
	record, err := many.OpenRecord(name)
	switch {
	case errors.Is(err, many.ErrBusy):
		return nil, trouble("%s: %s; wait until it has ended", name, err)
	case err != nil:
		return nil, badFile("--resume %s: %s", name, pathless(err))
	}
	f.record = record
	for _, mailbox := range record.Results() {
		if err := f.earlier(mailbox, streak); err != nil {
			return nil, errors.Join(err, record.Close())
		}
	}
	if under := slices.DeleteFunc(record.Open(), func(m string) bool { return f.typed(m) == "" }); len(under) > 0 {
		f.note("under way when the run before this one ended, and tried again now: %s", strings.Join(under, ", "))
	}
	return streak, nil
}

// earlier takes in a result of an earlier run, and prints it where each mailbox
// has an object of its own.
func (f *fleet) earlier(mailbox string, streak *many.Streak) error {
	typed := f.typed(mailbox)
	if typed == "" {
		return nil
	}
	line, err := f.record.Result(mailbox)
	if err != nil {
		return trouble("%s cannot be read: %s", f.flags.resume, err)
	}
	var was struct {
		Verdict diagnose.Verdict
		Cause   catalogue.Code
		Exit    *int
		Probe   *probe.Report
	}
	if err := json.Unmarshal(line, &was); err != nil {
		return badFile("--resume %s: the result of %s cannot be read", f.flags.resume, mailbox)
	}
	code := verdictExit(was.Verdict)
	if was.Exit != nil && slices.Contains(worse, *was.Exit) {
		code = *was.Exit
	}
	streak.Add(mailbox, signsOf(was.Probe, was.Cause, nil))
	f.count(typed, was.Verdict, was.Cause, code)
	if *f.format == "json" {
		return unprinted(safe.JSON(f.Out, json.RawMessage(line)))
	}
	return nil
}

// typed is the mailbox as this run calls it, "" for one that is not among its.
func (f *fleet) typed(mailbox string) string {
	if f.spelt == nil {
		f.spelt = map[string]string{}
		for _, m := range f.order {
			f.spelt[many.Key(m)] = m
		}
	}
	return f.spelt[many.Key(mailbox)]
}

// left are the mailboxes without a result.
func (f *fleet) left() []string {
	if f.record == nil {
		return f.order
	}
	left := slices.DeleteFunc(slices.Clone(f.order), f.record.Has)
	if done := len(f.order) - len(left); done > 0 {
		f.note("%s holds the results of %d of %d mailboxes; they are not tried again", f.flags.resume, done, len(f.order))
	}
	return left
}

// keeps is standard output where that is a file which keeps the JSON lines: a
// later run may go on from it, so that it has to say what was begun.
func (f *fleet) keeps() *os.File {
	net, ok := f.Out.(*safe.Net)
	if !ok || *f.format != "json" {
		return nil
	}
	file, ok := net.W.(*os.File)
	if !ok {
		return nil
	}
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	return file
}

// notBoth refuses the same file for the record and for the answer: each line
// would stand in it twice.
func (f *fleet) notBoth(name string) error {
	if f.out == nil {
		return nil
	}
	out, err := f.out.Stat()
	if err != nil {
		return nil
	}
	if info, err := os.Stat(name); err == nil && os.SameFile(out, info) {
		return usage("--resume %s is the file that standard output goes to; send the output elsewhere, the results are kept in it anyway", name)
	}
	return nil
}

// pathless is the reason of an error whose path is said already.
func pathless(err error) error {
	if path, ok := errors.AsType[*os.PathError](err); ok {
		return path.Err
	}
	return err
}
