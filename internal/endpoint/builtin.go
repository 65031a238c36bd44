package endpoint

import "slices"

// builtin is the table of Microsoft's clouds. The sign-in, Graph and Exchange
// hosts are those that Microsoft's own PowerShell module uses. Of the
// submission servers only the one of "global" stands in Microsoft's
// documentation; the others are unconfirmed (usgov and china known from many
// users, dod from a single source), and --server or --cloud-file overrides
// them. Which hosts the other clouds redirect to for usage reports was not
// found, so those are not read there unless an endpoint file names one.
var builtin = []Cloud{
	{
		Name:     "global",
		SMTP:     "smtp.office365.com:587",
		Login:    "https://login.microsoftonline.com",
		Graph:    "https://graph.microsoft.com",
		Exchange: "https://outlook.office365.com",
		// The host of the reference; the regional ones are known from programs
		// that met them. Where Graph redirects to another one, the report is
		// not read, and the host is named.
		Reports:        "https://reports.office.com",
		ReportsAliases: []string{"reportsweu.office.com", "reportsncu.office.com"}, // unconfirmed
	},
	{
		Name:      "usgov",
		SMTP:      "smtp.office365.us:587",
		FromUsers: true,
		Login:     "https://login.microsoftonline.us",
		Graph:     "https://graph.microsoft.us",
		Exchange:  "https://outlook.office365.us",

		GraphEnvironment: "USGov", ExchangeEnvironment: "O365USGovGCCHigh",
	},
	{
		Name:      "dod",
		SMTP:      "outlook-dod.office365.us:587",
		FromUsers: true,
		Login:     "https://login.microsoftonline.us",
		Graph:     "https://dod-graph.microsoft.us",
		Exchange:  "https://outlook-dod.office365.us",

		GraphEnvironment: "USGovDoD", ExchangeEnvironment: "O365USGovDoD",
	},
	{
		Name:         "china",
		SMTP:         "smtp.partner.outlook.cn:587",
		FromUsers:    true,
		Login:        "https://login.chinacloudapi.cn",
		LoginAliases: []string{"login.partner.microsoftonline.cn"},
		Graph:        "https://microsoftgraph.chinacloudapi.cn",
		Exchange:     "https://partner.outlook.cn",

		GraphEnvironment: "China", ExchangeEnvironment: "O365China", OwnClient: true,
	},
}

// Builtin returns the built-in cloud of that name, as Names lists it.
func Builtin(name string) (Cloud, bool) {
	for _, c := range builtin {
		if c.Name == name {
			c.LoginAliases, c.ReportsAliases = slices.Clone(c.LoginAliases), slices.Clone(c.ReportsAliases)
			return c, true
		}
	}
	return Cloud{}, false
}

// Names lists the built-in clouds, the default first.
func Names() []string {
	names := make([]string, len(builtin))
	for i, c := range builtin {
		names[i] = c.Name
	}
	return names
}

// FromUsers reports whether address is the submission server of a built-in
// cloud that no page of Microsoft's names.
func FromUsers(address string) bool {
	return slices.ContainsFunc(builtin, func(c Cloud) bool { return c.FromUsers && c.SMTP == address })
}
