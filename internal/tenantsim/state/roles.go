package state

import (
	"slices"

	"smtpmend/internal/fact"
)

// DirectoryRoles are the roles that the simulated tenant knows.
var DirectoryRoles = fact.Roles

// RoleIDs returns the template ids of the roles with these names.
func RoleIDs(names []string) []string {
	var ids []string
	for _, r := range DirectoryRoles {
		if slices.Contains(names, r.Name) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

func roleNames() []string {
	var names []string
	for _, r := range DirectoryRoles {
		names = append(names, r.Name)
	}
	return names
}
