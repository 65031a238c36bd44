package view

import (
	"errors"
	"slices"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/powershell"
	"smtpmend/remediate"
)

// blockFor is the PowerShell of a cause where d stands, empty where there is
// none. A change that fix would not make is not printed either: what is left
// looks, and says why.
func blockFor(code catalogue.Code, d diagnose.Diagnosis, at powershell.Place) []string {
	cause, _ := catalogue.Lookup(code)
	held := remediate.Held(code, d)
	if held == nil {
		return append([]string{}, at.Block(cause.Commands()...)...)
	}
	return looking(held, at, append(slices.Clone(cause.PowerShell), cause.Change.Look())...)
}

// looking is a block that changes nothing, behind the reason why it does not.
func looking(why error, at powershell.Place, commands ...catalogue.Commands) []string {
	return append([]string{"# " + reason(why)}, at.Block(commands...)...)
}

// changeCommands are those that make changes, each to a value that it may have:
// what the catalogue wants, or what it was made from.
func changeCommands(changes []remediate.Change, at powershell.Place) []string {
	var all []catalogue.Commands
	for _, c := range changes {
		for _, cause := range remediate.Mendable() {
			if remedy, _ := remediate.Lookup(cause); remedy.Fact == c.Fact {
				all = append(all, remedy.Commands(c.To))
				break
			}
		}
	}
	return at.Block(all...)
}

// A script is the answer of fix as what an administrator can run.
type script struct{ *Fix }

// PowerShell is the answer as commands, with comments; in JSON it is as ever.
func (v *Fix) PowerShell() Answer { return script{v} }

func (v script) text(p *page, _ int) {
	res := v.Result
	if errors.Is(res.Err, remediate.ErrHearsay) {
		for _, line := range v.hearsay() {
			p.line("%s", line)
		}
		return
	}
	if res.Plan != nil {
		p.line("# %s", title(res.Plan.Cause))
		for _, line := range changeCommands(res.Plan.Changes, v.Place) {
			p.line("%s", line)
		}
		p.line("# To put it back:")
		for _, line := range changeCommands(res.Plan.Inverse().Changes, v.Place) {
			p.line("# %s", line)
		}
		return
	}
	cause, _ := catalogue.Lookup(res.Diagnosis.Cause)
	block := blockFor(cause.Code, v.Diagnosis, v.Place)
	switch {
	case res.Outcome == remediate.Healthy:
		p.line("# %s can submit; there is nothing to change.", res.Mailbox)
	case len(block) > 0:
		p.line("# %s", cause.Title)
		for _, line := range block {
			p.line("%s", line)
		}
	default:
		p.line("# The cause is not settled, so there is no command to run yet.")
	}
}
