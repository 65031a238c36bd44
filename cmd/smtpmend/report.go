package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"smtpmend/internal/view"
	"smtpmend/internal/view/report"
)

// reportFlags are --report and --force.
type reportFlags struct {
	path  string
	force bool
}

func (f *reportFlags) flags(fs *pflag.FlagSet) {
	fs.StringVar(&f.path, "report", "", "keep the answer in `FILE` too, .html or .md, to attach to a ticket")
	fs.BoolVar(&f.force, "force", false, "let --report replace a file")
}

// reportForms are the forms of a report by the end of its file's name.
var reportForms = map[string]func(io.Writer, report.Document) error{
	".html": report.HTML, ".htm": report.HTML, ".md": report.Markdown,
}

// A reportFile is where a report will be. It is made before anything is tried,
// so that nothing is tried in vain.
type reportFile struct {
	*os.File
	path    string
	form    func(io.Writer, report.Document) error
	replace bool // File has another name until it is whole
}

// open makes the file, or none where none is wanted.
func (f reportFlags) open() (*reportFile, error) {
	if f.path == "" {
		if f.force {
			return nil, usage("--force lets --report replace a file; name one with --report")
		}
		return nil, nil
	}
	r := &reportFile{path: f.path, form: reportForms[strings.ToLower(filepath.Ext(f.path))], replace: f.force}
	if r.form == nil {
		return nil, usage("--report %q ends in neither .html nor .md, which say what it is to be", f.path)
	}
	var err error
	if r.replace {
		if info, statErr := os.Lstat(f.path); statErr == nil && info.IsDir() {
			return nil, badFile("--report: %s is a directory", f.path)
		}
		r.File, err = os.CreateTemp(filepath.Dir(f.path), ".smtpmend-*")
	} else {
		r.File, err = os.OpenFile(f.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil, badFile("--report: %s exists already; --force replaces it", f.path)
	case err != nil:
		return nil, badFile("--report cannot be written: %s", err)
	}
	return r, nil
}

// keep writes the report; nil keeps none.
func (r *reportFile) keep(what view.Reporter, l view.Language) error {
	if r == nil {
		return nil
	}
	var b bytes.Buffer
	err := r.form(&b, view.Document(what, time.Now(), version(), l))
	if err == nil {
		_, err = r.Write(b.Bytes())
	}
	name := r.Name()
	if err = errors.Join(err, r.Close()); err == nil && r.replace {
		err = os.Rename(name, r.path)
	}
	if err != nil {
		os.Remove(name)
		return trouble("the report could not be written: %s", err)
	}
	r.File = nil
	return nil
}

// drop removes a file that no report came into.
func (r *reportFile) drop() {
	if r != nil && r.File != nil {
		name := r.Name()
		r.Close()
		os.Remove(name)
	}
}
