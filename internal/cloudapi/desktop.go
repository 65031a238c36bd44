package cloudapi

import (
	"context"
	"os/exec"
	"runtime"
	"strings"
)

// A desktop is where a browser may be opened.
type desktop struct {
	system string // as runtime.GOOS
	env    func(string) (string, bool)
	find   func(program string) (string, error) // exec.LookPath
}

func thisDesktop(env func(string) (string, bool)) desktop {
	return desktop{runtime.GOOS, env, exec.LookPath}
}

// openers are the programs that open a page, and what stands before its
// address on their command line.
var openers = map[string][][]string{
	"windows": {{"rundll32", "url.dll,FileProtocolHandler"}},
	"darwin":  {{"open"}},
	"":        {{"xdg-open"}, {"x-www-browser"}, {"wslview"}},
}

// opener returns the program and what stands before the address, nil for none.
func (d desktop) opener() []string {
	all, ok := openers[d.system]
	if !ok {
		all = openers[""]
	}
	for _, command := range all {
		if _, err := d.find(command[0]); err == nil {
			return command
		}
	}
	return nil
}

// lacks says why a browser that a person asked for cannot be opened, "" where
// it may be tried.
func (d desktop) lacks() string {
	switch {
	case d.remote() && !d.screen():
		return "this is an SSH session, to which a browser's answer finds no way back"
	case d.opener() == nil:
		return "no program that opens a browser was found here"
	}
	return ""
}

// certain reports whether a browser opens before the person who sits here, so
// that it need not be asked for.
func (d desktop) certain() bool {
	return !d.remote() && d.opener() != nil && (d.system == "windows" || d.system == "darwin" || d.screen())
}

// why says why the browser was not chosen by itself.
func (d desktop) why() string {
	switch {
	case d.lacks() != "":
		return d.lacks()
	case d.remote():
		return "this is an SSH session; --auth browser tries its display"
	}
	return "no desktop was found here; --auth browser tries all the same"
}

func (d desktop) remote() bool { return d.set("SSH_CONNECTION") || d.set("SSH_TTY") }
func (d desktop) screen() bool { return d.set("DISPLAY") || d.set("WAYLAND_DISPLAY") }

func (d desktop) set(name string) bool {
	if d.env == nil {
		return false
	}
	value, _ := d.env(name)
	return value != ""
}

// open shows the page and does not wait for it: with some browsers the program
// ends only when they do. failed is told when it ends with an error. What it
// says is not shown, for it would stand among ours.
func (d desktop) open(ctx context.Context, address string, failed func(error)) error {
	command := d.opener()
	if command == nil {
		return &noBrowser{d.lacks()}
	}
	run := exec.Command(command[0], append(command[1:], address)...)
	if err := run.Start(); err != nil {
		return &noBrowser{command[0] + " could not be started"}
	}
	go func() {
		if err := run.Wait(); err != nil && ctx.Err() == nil {
			failed(&noBrowser{strings.TrimSpace(command[0]) + " could not open a browser"})
		}
	}()
	return nil
}
