package remediate

import "smtpmend/probe"

// The refusals, as Microsoft words them.
const (
	saysMailbox  = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. Visit https://aka.ms/smtp_auth_disabled for more information. "
	saysTenant   = "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information. "
	saysBasic    = "535 5.7.139 Authentication unsuccessful, basic authentication is disabled. "
	saysWrong    = "535 5.7.139 Authentication unsuccessful, the user credentials were incorrect. "
	saysLocked   = "535 5.7.139 Authentication unsuccessful, account locked. Contact your administrator. "
	saysDefaults = "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator. "
	saysCriteria = "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully. Contact your administrator. "
	saysBare     = "535 5.7.3 Authentication unsuccessful "
	saysAccepted = "250 2.1.5 Recipient OK"
	tag          = "[AM0PR02CA0134.eurprd02.prod.outlook.com 2026-11-23T09:00:00.000Z 08DE2A00FF6976E9]"
)

// greeting is how Microsoft's server presents itself.
func greeting() probe.Stage {
	return probe.Stage{Name: probe.StageGreeting, Exchanges: []probe.Exchange{{Reply: &probe.Reply{
		Code: 220, Lines: []string{"220 AM0PR02CA0134.outlook.office365.com Microsoft ESMTP MAIL Service ready at Mon, 23 Nov 2026 09:00:00 +0000"},
	}}}}
}

func refused(line string) *probe.Report {
	return &probe.Report{
		Schema: 1, Mailbox: mailbox, Server: "127.0.0.1:587", Outcome: probe.Refused, Stage: probe.StageAuth, Mechanism: "LOGIN",
		Stages: []probe.Stage{greeting(), {Name: probe.StageAuth, Exchanges: []probe.Exchange{{
			Sent: "****", Reply: &probe.Reply{Code: 535, Status: "5.7.139", Lines: []string{line + tag}},
		}}}},
	}
}

func accepted() *probe.Report {
	return &probe.Report{
		Schema: 1, Mailbox: mailbox, Server: "127.0.0.1:587", Outcome: probe.Accepted, Stage: probe.StageRcpt, Mechanism: "LOGIN",
		Stages: []probe.Stage{greeting(), {Name: probe.StageRcpt, Exchanges: []probe.Exchange{{
			Sent: "RCPT TO:<a@contoso.com>", Reply: &probe.Reply{Code: 250, Status: "2.1.5", Lines: []string{saysAccepted}},
		}}}},
	}
}

func timedOut() *probe.Report {
	return &probe.Report{
		Schema: 1, Mailbox: mailbox, Server: "127.0.0.1:587", Outcome: probe.Failed, Stage: probe.StageConnect, Mechanism: "LOGIN",
		Stages: []probe.Stage{{Name: probe.StageConnect, Fault: probe.FaultTimeout, Error: "no answer in time"}},
	}
}
