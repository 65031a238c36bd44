package fact

import (
	"slices"
	"strings"
)

// A Role is an Entra role with the id of its template, which is the same in
// every tenant (learn.microsoft.com, "Microsoft Entra built-in roles").
type Role struct{ Name, ID string }

// Roles are those that tables of permissions name, and others that
// administrators of mail hold.
var Roles = []Role{
	{"Global Administrator", "62e90394-69f5-4237-9190-012177145e10"},
	{"Global Reader", "f2ef992c-3afb-46b9-b7cf-a126ee74c451"},
	{"Security Administrator", "194ae4cb-b126-40b2-bd5b-6091b380977d"},
	{"Security Reader", "5d6b6bb7-de71-4623-b4af-96380a352509"},
	{"Security Operator", "5f2222b1-57c3-48ba-8ad5-d4759f1fde6f"},
	{"Reports Reader", "4a5d8f65-41da-4de4-8968-e035b65339cf"},
	{"Conditional Access Administrator", "b1be1c3e-b65d-4f19-8427-f6fa0d97feb9"},
	{"Authentication Policy Administrator", "0526716b-113d-4c15-b2c8-68e3c22b9f80"},
	{"Exchange Administrator", "29232cdf-9323-42fd-ade2-1d097af3e4de"},
	{"Exchange Recipient Administrator", "31392ffb-586c-42d1-9346-e59415a2cc4e"},
	{"Privileged Role Administrator", "e8611ab8-c189-46e8-94e1-60213ab1f814"},
	{"User Administrator", "fe930be7-5e62-47db-91af-98c3a49a38b1"},
	{"Helpdesk Administrator", "729827e3-9c14-49f7-bb1b-9608f156bbb8"},
	{"Compliance Administrator", "17315797-102d-40b4-93e0-432062caca18"},
}

// RoleNames returns the names of the roles with these ids that are known.
func RoleNames(ids []string) []string {
	var names []string
	for _, r := range Roles {
		if slices.ContainsFunc(ids, func(id string) bool { return strings.EqualFold(id, r.ID) }) {
			names = append(names, r.Name)
		}
	}
	return names
}
