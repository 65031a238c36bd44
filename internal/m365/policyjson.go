package m365

import "encoding/json"

// A caPolicy is a Conditional Access policy as Graph sends it. The SDK's own
// model is not used: it reads a client type that it does not know as "all" and
// a grant control that it does not know as "block". What was not sent is nil,
// and never read as "does not apply".
type caPolicy struct {
	ID            string
	DisplayName   string
	State         string
	Conditions    *caConditions
	GrantControls json.RawMessage // null for a policy of session controls alone
}

type caConditions struct {
	ClientAppTypes *[]string
	Applications   *caApplications
	Users          *caUsers
	Locations      struct{ IncludeLocations, ExcludeLocations []string }
	Platforms      struct{ IncludePlatforms, ExcludePlatforms []string }
	// other holds the conditions that are not named above, those that no
	// version of this program knows included.
	other map[string]json.RawMessage
}

type caApplications struct {
	IncludeApplications, ExcludeApplications []string
	IncludeUserActions                       []string
	ApplicationFilter                        json.RawMessage
}

type caUsers struct {
	IncludeUsers, ExcludeUsers   []string
	IncludeGroups, ExcludeGroups []string
	IncludeRoles, ExcludeRoles   []string

	IncludeGuestsOrExternalUsers, ExcludeGuestsOrExternalUsers json.RawMessage
}

type caGrant struct {
	Operator                    string
	BuiltInControls             []string
	CustomAuthenticationFactors []string
	TermsOfUse                  []string
	AuthenticationStrength      json.RawMessage
}

// UnmarshalJSON keeps the unknown conditions.
func (c *caConditions) UnmarshalJSON(data []byte) error {
	type plain caConditions
	if err := json.Unmarshal(data, (*plain)(c)); err != nil {
		return err
	}
	if err := json.Unmarshal(data, &c.other); err != nil {
		return err
	}
	for _, known := range []string{"clientAppTypes", "applications", "users", "locations", "platforms"} {
		delete(c.other, known)
	}
	return nil
}
