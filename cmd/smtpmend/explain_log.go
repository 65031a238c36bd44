package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"smtpmend/diagnose"
	"smtpmend/diagnose/logs"
	"smtpmend/internal/terminal"
	"smtpmend/internal/view"
	"smtpmend/internal/view/safe"
)

// A logFlag is --log: then every argument is a file. --log=FILE names one too.
type logFlag struct {
	on    bool
	files []string
}

func (f *logFlag) String() string { return fmt.Sprint(f.on) }
func (*logFlag) Type() string     { return "bool" }

func (f *logFlag) Set(s string) error {
	switch s {
	case "true":
		f.on = true
	case "false":
		f.on = false
	default:
		f.on, f.files = true, append(f.files, s)
	}
	return nil
}

// isFile asks back where the text to be explained is the name of a file.
func isFile(args []string) error {
	if len(args) != 1 || args[0] == "" || strings.ContainsAny(args[0], "\n") || len(args[0]) > 4096 {
		return nil
	}
	info, err := os.Stat(args[0])
	if err == nil && info.Mode().IsRegular() {
		name, ok := safe.Word(args[0])
		if !ok {
			name = "FILE"
		}
		return usage("%q is a file here; is it a log? Then say: smtpmend explain --log %s (a text to explain is read from standard input: smtpmend explain < FILE)", args[0], name)
	}
	if looksLikePath(args[0]) {
		return usage("%q looks like a file's name, and there is no such file; a log is read with: smtpmend explain --log FILE", args[0])
	}
	return nil
}

// looksLikePath: one word with the ending of a log or with folders, and no
// address.
func looksLikePath(s string) bool {
	if strings.ContainsAny(s, " @:") {
		return false
	}
	switch filepath.Ext(s) {
	case ".log", ".eml", ".mbox", ".csv", ".gz", ".xz", ".zst", ".bz2", ".evtx", ".txt":
		return true
	}
	return strings.HasPrefix(s, "/") || strings.HasPrefix(s, "./") || strings.HasPrefix(s, "../")
}

// maxHeap is what the collector aims at while logs are read; most of it is what
// has been read and is not needed any more.
const maxHeap = 40 << 20

// explainLogs prints who fails and why, since when, from files.
func (a *app) explainLogs(ctx context.Context, files []string, each bool) error {
	if len(files) == 0 {
		return usage("which log? Say: smtpmend explain --log FILE (- for standard input)")
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(maxHeap))
	out := bufio.NewWriterSize(a.Out, 64<<10)
	all := &app{console: a.console, format: a.format}
	printer := *a.console
	printer.Out = out
	all.console = &printer
	list := each || *a.format == "json"
	if list && *a.format == "csv" {
		if err := all.answer(view.LoggedColumns()); err != nil {
			return err
		}
	}
	table, lines, failed := &logs.Table{}, 0, error(nil)
	reader := logs.NewReader()
	for _, name := range files {
		n, err := a.readLog(ctx, reader, name, func(e logs.Event) error {
			table.Add(e)
			if list {
				return all.answer(view.Logged(e))
			}
			return nil
		})
		lines += n
		var own *exitError
		if errors.As(err, &own) && own.Code != exitUsage && own.Message != "" && !own.Plain {
			out.Flush()
			return err
		}
		if err != nil {
			if failed != nil {
				a.note("%s", failed)
			}
			failed = err
		}
	}
	if *a.format != "csv" || !each {
		if err := all.answer(view.LogsRead(table, lines)); err != nil {
			return err
		}
	}
	if err := unprinted(out.Flush()); err != nil {
		return err
	}
	return a.endOfLogs(table, failed, files)
}

// endOfLogs is what is left to say, and the exit code.
func (a *app) endOfLogs(table *logs.Table, failed error, files []string) error {
	switch {
	case failed != nil:
		return failed
	case table.Events == 0 && len(files) > 1:
		a.note("nothing in these logs is a reply to a submission")
	case table.Events == 0:
		a.note("nothing in this log is a reply to a submission")
	}
	if table.Events == table.Of(diagnose.Unknown) {
		return exit(exitUnsettled)
	}
	return nil
}

// readLog reads one file.
func (a *app) readLog(ctx context.Context, reader *logs.Reader, name string, fn func(logs.Event) error) (lines int, err error) {
	in, newest, label := a.In, time.Now(), "standard input"
	if name != "-" {
		f, err := terminal.Open(ctx, name)
		if ctx.Err() != nil {
			return 0, trouble("interrupted; the log was not read to its end")
		}
		if err != nil {
			return 0, badFile("the log cannot be read: %s", err)
		}
		defer f.Close()
		if info, err := f.Stat(); err == nil {
			newest = info.ModTime()
		}
		in, label = f, name
	}
	lines, err = reader.Read(name, terminal.Reader(ctx, in), newest, fn)
	var path *os.PathError
	var own *exitError
	var format *logs.FormatError
	var broken *logs.BrokenError
	switch {
	case ctx.Err() != nil:
		return lines, trouble("interrupted; the log was not read to its end")
	case err == nil, errors.As(err, &own):
		return lines, err
	case errors.As(err, &path):
		return lines, badFile("the log cannot be read: %s", err)
	case errors.As(err, &format):
		return lines, badFile("%s cannot be read: %s", label, err)
	case errors.As(err, &broken):
		return lines, badFile("%s cannot be read to its end: %s", label, err)
	}
	return lines, trouble("the log could not be read to its end: %s: %s", label, err)
}
