package main

import (
	"slices"

	"smtpmend/diagnose"
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/endpoint"
	"smtpmend/internal/powershell"
	"smtpmend/internal/view"
	"smtpmend/remediate"
)

// placeOf is whose mailbox and tenant the printed PowerShell is for: the tenant
// that was found for the mailbox, a customer's where a partner is signed in or --tenant
// names one.
func placeOf(mailbox string, cloud endpoint.Cloud, ten *tenant, admin adminFlags) powershell.Place {
	at := powershell.Place{Mailbox: mailbox, Cloud: cloud, Customer: admin.tenant}
	if ten != nil {
		at.Tenant = ten.ID()
	}
	if ten != nil && ten.Tenant != nil && ten.Visiting() {
		at.Customer = at.Tenant
	}
	if at.Customer != "" && at.Tenant != "" {
		at.Customer = at.Tenant
	}
	// A name that is made harmless on the page would be another one there.
	if view.Text(at.Mailbox) != at.Mailbox {
		at.Mailbox = ""
	}
	if view.Text(at.Customer) != at.Customer {
		at.Customer = ""
	}
	return at
}

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
