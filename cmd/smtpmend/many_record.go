package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/diagnose/words"
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
	var was result
	if err := json.Unmarshal(line, &was); err != nil {
		return badFile("--resume %s: line %d, the result of %s, cannot be read", f.flags.resume, f.record.Line(mailbox), mailbox)
	}
	code, ok := was.code()
	if !ok {
		return badFile("--resume %s: line %d holds no verdict and cause that smtpmend prints with that exit code; take the line out, and its mailbox is tried again", f.flags.resume, f.record.Line(mailbox))
	}
	streak.Add(mailbox, signsOf(was.Probe, diagnose.Diagnosis{Meaning: words.Meaning{Verdict: was.Verdict, Cause: was.Cause, Candidates: was.Candidates}}))
	f.count(typed, was.Verdict, was.Cause, code)
	if *f.format == "json" {
		return unprinted(safe.JSON(f.Out, json.RawMessage(line)))
	}
	return nil
}

// A result is what counts of one in a record.
type result struct {
	Verdict    diagnose.Verdict
	Cause      catalogue.Code
	Candidates []catalogue.Code
	Exit       *int
	Probe      *probe.Report
}

// code is the exit code that follows from the verdict, or that of trouble, which
// does not show in it. ok is false for what no run of ours has written.
func (r result) code() (code int, ok bool) {
	_, known := catalogue.Lookup(r.Cause)
	switch r.Verdict {
	case diagnose.Named, diagnose.Confirmed:
		ok = known
	case diagnose.Healthy, diagnose.Unsure, diagnose.Unknown, diagnose.OtherProvider:
		ok = r.Cause == ""
	}
	code = verdictExit(r.Verdict)
	if r.Exit != nil && *r.Exit == exitTrouble {
		code = exitTrouble
	}
	return code, ok && (r.Exit == nil || *r.Exit == code)
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

// apart refuses one file for two of the flags: one of them would write over what
// the other reads or keeps.
func (f *fleet) apart() error {
	files := []struct{ flag, path string }{{"from-file", f.flags.list}, {"resume", f.flags.resume}, {"report", f.report.path}}
	for i, a := range files {
		for _, b := range files[i+1:] {
			if a.path != "" && a.path != "-" && b.path != "" && oneFile(a.path, b.path) {
				return usage("--%s and --%s name the same file, %s; give each its own", a.flag, b.flag, b.path)
			}
		}
	}
	return nil
}

// oneFile reports whether two paths lead to the same file, be it there or not.
func oneFile(a, b string) bool {
	same := func(a, b string) bool {
		x, err := os.Stat(a)
		y, other := os.Stat(b)
		return err == nil && other == nil && os.SameFile(x, y)
	}
	return same(a, b) || filepath.Base(a) == filepath.Base(b) && same(filepath.Dir(a), filepath.Dir(b))
}

// pathless is the reason of an error whose path is said already.
func pathless(err error) error {
	if path, ok := errors.AsType[*os.PathError](err); ok {
		return path.Err
	}
	return err
}
