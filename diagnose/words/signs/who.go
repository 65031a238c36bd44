package signs

// Domains hold the hosts of Microsoft 365 and Outlook.com.
var Domains = []string{
	"office365.com", "office365.us", "office365.cn", "outlook.com", "outlook.cn", "exchangelabs.com", "mx.microsoft",
	"hotmail.com", "live.com", "apps.mil",
}

// SubmissionHosts take sign-ins; whoever answers in their name without their
// words stands in between.
var SubmissionHosts = []string{
	"smtp.office365.com", "smtp-legacy.office365.com", "smtp-hve.office365.com", "smtp.office365.us", "outlook-dod.office365.us",
	"smtp.partner.outlook.cn", "smtp-mail.outlook.com", "smtp.hve.mx.microsoft", "outlook.office365.com",
}

// Greeting stands in every greeting of Microsoft 365.
const Greeting = "Microsoft ESMTP MAIL Service"

// Products are how people name Microsoft 365 beside what their device shows.
var Products = []string{"office365", "office 365", "microsoft 365", "o365", "m365", "exchange online", "outlook.com", "hotmail.com", "live.com"}

// NearlyMicrosoft stand in names that are probably Microsoft's, misspelt.
var NearlyMicrosoft = []string{"365", "356", "outlook", "office", "offce", "ofice"}

// Marks are, squeezed, what only Microsoft's own service writes into a reply.
// The domains are those of the trailing tag.
var Marks = []string{
	"prod.outlook.com", "protection.outlook.com", "[outlook.com]", "outlook.office365.com", "outlook.office365.us",
	"prod.exchangelabs.com", "partner.outlook.cn", "aka.ms/", "go.microsoft.com", "smtpclientauthentication",
	"storedrv", "tenantattribution", "basicauthenticationisnotsupportedforclientsubmission",
}

// GoogleMark ends every reply of Google's; a host of Microsoft's beside it is
// of whoever logged the reply.
const GoogleMark = "gsmtp"

// Placeholders are the domains that RFC 2606 keeps for examples.
var Placeholders = []string{"example", "example.com", "example.net", "example.org"}

// ForeignMechanisms are those that Exchange on the premises and others take,
// and Microsoft 365 answers with a 504.
var ForeignMechanisms = []string{"NTLM", "GSSAPI", "CRAM-MD5"}

// Spoke introduce, in the logs of mail servers and clients, the host that gave
// the reply.
var Spoke = []string{"relay=", "host ", "server ", " h=", "host: "}

// Asked introduce, in what clients say, the host that they asked.
var Asked = []string{"connect to ", "lookup ", "enotfound ", "eai_again ", "etimeout ", "opening to ", "host, port: ", "host: ", "host ",
	"ssl://", "tls://", "tcp://", "smtp://", "smtps://"}

// MailPort is a regular expression of what ends, in what clients say, the host
// that they asked.
const MailPort = `^:(?:25|465|587|2525)(?:$|: |[^\w:])`

// Greets are the commands by which a client gives its own name.
var Greets = []string{"ehlo", "helo"}

// StrangerFields are what logs and bounces show of a stranger's own words:
// names that a client gave itself, addresses, hosts.
var StrangerFields = []string{"helo", "from", "to", "orig_to", "relay", "subject", "sasl_username"}

// SubmissionApp is what the sign-in log calls a client that submits mail.
const SubmissionApp = "Authenticated SMTP"

// EntraMarks stand before a sign-in code.
var EntraMarks = []string{"AADSTS…", "error code…", "resultType…"}

// EntraWords are those, squeezed, of which one stands near a bare "error code"
// that is Entra's: databases and printers have such codes too.
var EntraWords = []string{"aadsts", "sign-in", "signinerror", "signinlogs", "failurereason", "microsoftonline"}
