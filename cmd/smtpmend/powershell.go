package main

import (
	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/endpoint"
	"smtpmend/internal/powershell"
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
	return at
}

// planCommands are those that make the changes of a plan, or of its inverse.
func planCommands(plan remediate.Plan, at powershell.Place) []string {
	remedy, ok := remediate.Lookup(plan.Cause)
	if !ok {
		return nil
	}
	var all []catalogue.Commands
	for _, c := range plan.Changes {
		all = append(all, remedy.Commands(c.To))
	}
	return at.Block(all...)
}
