package view

import (
	"slices"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/powershell"
	"smtpmend/internal/view/safe"
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

// looking is a block that changes nothing, behind the reason why it does not: a
// comment, which ends with its line.
func looking(why error, at powershell.Place, commands ...catalogue.Commands) []string {
	return append([]string{"# " + safe.Text(reason(why))}, at.Block(commands...)...)
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
	what, block := v.block()
	print := func(before string, lines []string) {
		for _, line := range lines {
			p.line("%s", before+line)
		}
	}
	switch {
	case v.Result.Outcome == remediate.Healthy:
		p.line("# %s can submit; there is nothing to change.", v.Mailbox)
		return
	case len(block) == 0 && v.Result.Err != nil:
		p.line("# %s", p.t(v.Result.Err.Error()))
		return
	case len(block) == 0:
		p.line("# The cause is not settled, so there is no command to run yet.")
		return
	}
	if what != "" {
		p.line("# %s", p.t(what))
	}
	if v.SignedOut && what != "" {
		p.item("# ", "# ", "The tenant was not asked: nobody is signed in. Look first whether the setting stands, and whether anything else stands in the way.")
	}
	print("", block)
	if plan := v.Result.Plan; plan != nil && what != "" {
		p.line("# To put it back:")
		print("# ", changeCommands(plan.Inverse().Changes, v.Place))
	}
}
