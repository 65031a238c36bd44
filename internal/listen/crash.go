package listen

import (
	"fmt"
	"runtime/debug"

	"smtpmend/internal/front"
	"smtpmend/probe"
)

const noteCrash = "smtpmend itself failed while it served this device; what is said here may not be all. --verbose shows what a report of this needs."

// failedItself is what a device is told then.
var failedItself = ownReply(451, "4.3.0", "it failed itself; try again later")

// survive is deferred by what handles a device: a panic ends neither the
// listener nor the sessions of others. reply is what the device is told then,
// nil where nothing is.
func (h *heard) survive(reply *front.Reply) {
	p := recover()
	if p == nil {
		return
	}
	h.crash = fmt.Sprintf("%v\n\n%s", p, debug.Stack())
	h.checked = false
	h.note(noteCrash)
	if reply != nil {
		*reply = failedItself
	}
}

// survives reports whether run came to its end without a panic.
func (h *heard) survives(run func()) (whole bool) {
	defer h.survive(nil)
	run()
	return true
}

// crashed stands for an attempt to sign in that smtpmend itself did not
// survive.
func (f *Forward) crashed(c front.Credentials) *Upstream {
	return newUpstream(&probe.Report{
		Schema: 1, Mailbox: c.User, Server: f.target.Server, Outcome: probe.Failed, Stage: probe.StageAuth,
		Stages: []probe.Stage{{Name: probe.StageAuth, Fault: probe.FaultCrashed, Error: noteCrash}},
	})
}
