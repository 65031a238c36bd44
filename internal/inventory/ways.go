package inventory

// A WayName names a way to submit that stays open without passwords.
type WayName string

// The ways.
const (
	OAuth          WayName = "oauth"
	HighVolume     WayName = "high-volume-email"
	RelayConnector WayName = "relay-connector"
	DirectWay      WayName = "direct-send"
)

// A Way is one that remains, and what has to hold for it. Sources: Microsoft's
// pages on authenticated submission, High Volume Email and Direct Send.
type Way struct {
	Name      WayName
	Title     string
	Condition string
	// closed reports whether the tenant is known to stand against it.
	closed func(Row, Settings) bool
}

// Ways lists the ways, the one that changes least for the device first.
var Ways = []Way{
	{
		Name: OAuth, Title: "OAuth (XOAUTH2)",
		Condition: "the device or application can sign in with OAuth, and SMTP AUTH is on for the mailbox",
		closed:    func(r Row, _ Settings) bool { return r.Effective == "off" },
	},
	{
		Name: HighVolume, Title: "High Volume Email with OAuth",
		Condition: "all recipients are inside the organisation, and there is an HVE account of its own with a valid billing policy",
	},
	{
		Name: RelayConnector, Title: "relay connector",
		Condition: "the device sends from a fixed public address, or with a certificate, that an inbound connector names; port 25 is open to the outside",
	},
	{
		Name: DirectWay, Title: "Direct Send",
		Condition: "all recipients are inside the organisation, port 25 is open to the outside, and the organisation does not refuse Direct Send",
		closed:    func(_ Row, s Settings) bool { return s.RejectDirectSend != nil && *s.RejectDirectSend },
	},
}

// waysFor returns the ways that nothing known closes.
func waysFor(r Row, s Settings) []WayName {
	var open []WayName
	for _, w := range Ways {
		if w.closed == nil || !w.closed(r, s) {
			open = append(open, w.Name)
		}
	}
	return open
}
