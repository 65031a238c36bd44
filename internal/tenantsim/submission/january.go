package submission

import (
	"smtpmend/internal/front"
	"smtpmend/internal/tenantsim/state"
)

// The tenant after December 2026: Microsoft announced (techcommunity,
// 27 January 2026) that passwords for client submission are then off by
// default in existing tenants and that an administrator can switch them on
// again. UNCONFIRMED are the reply, for which the words of an authentication
// policy stand in, where in the order it comes, and the setting: none has been
// published, so no API of the simulated tenant shows it (state.Org.BasicAuth).
// This is the one place that assumes any of them.
func basicAuthOff(s *state.State) (front.Text, bool) {
	return front.BasicAuthDisabled, s.Org.BasicAuth == "off"
}
