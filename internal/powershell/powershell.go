// Package powershell writes the catalogue's commands as a block for an
// administrator to paste: names quoted, signed in to the tenant that is meant,
// and stopped in any other.
package powershell

import (
	"net/url"
	"slices"
	"strings"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/endpoint"
)

// A Place is whose mailbox and tenant a block is for.
type Place struct {
	// Mailbox is "" where the block has to ask for it.
	Mailbox string
	// Tenant is the GUID of the mailbox's tenant, "" where it is not known: then
	// the domain of the mailbox names it.
	Tenant string
	// Customer is how a partner's administrator names the tenant, "" where the
	// administrator is its own.
	Customer string
	// Cloud is the Microsoft cloud that the tenant is in.
	Cloud endpoint.Cloud
	// App and Object are the GUIDs of an application and of its enterprise
	// application, for the commands of catalogue.Chain; "" where the block has to
	// ask for them.
	App, Object string
}

// Lines are commands alone, for a person who is signed in to the tenant already.
func (p Place) Lines(c catalogue.Commands) []string {
	return append(p.questions([]catalogue.Commands{c}), p.fill(c.Lines)...)
}

// Block writes commands as one statement: pasted line by line it runs as a
// whole or not at all, the first error ends it, and nothing after a question is
// taken for its answer. Commands that need no sign-in stand alone.
func (p Place) Block(commands ...catalogue.Commands) []string {
	var alone, body []string
	for _, c := range join(commands) {
		switch {
		case len(c.Lines) == 0:
		case c.At == catalogue.Here:
			alone = append(alone, p.fill(c.Lines)...)
		default:
			body = append(append(body, p.signIn(c)...), p.fill(c.Lines)...)
		}
	}
	if len(body) == 0 {
		return alone
	}
	var lines []string
	if p.Mailbox == "" {
		lines = append(lines, "$mailbox = Read-Host 'Mailbox, such as scanner@contoso.com'")
	}
	lines = append(append(lines, p.questions(commands)...), "$ErrorActionPreference = 'Stop'")
	lines = append(lines, body...)
	block := append(alone, "& {")
	for _, line := range lines {
		block = append(block, "    "+line)
	}
	return append(block, "}")
}

// questions ask for the ids that commands name and that are not known.
func (p Place) questions(commands []catalogue.Commands) []string {
	var all []string
	for _, q := range []struct{ placeholder, known, question string }{
		{"APPID", p.App, "$app = Read-Host 'Application (client) id'"},
		{"OBJECTID", p.Object, "$object = Read-Host 'Object id of the enterprise application, not of the app registration'"},
	} {
		named := slices.ContainsFunc(commands, func(c catalogue.Commands) bool {
			return slices.ContainsFunc(c.Lines, func(line string) bool { return strings.Contains(line, q.placeholder) })
		})
		if named && q.known == "" {
			all = append(all, q.question)
		}
	}
	return all
}

// join puts what runs at one service after another together, for one sign-in.
func join(commands []catalogue.Commands) []catalogue.Commands {
	var all []catalogue.Commands
	for _, c := range commands {
		last := len(all) - 1
		if last < 0 || all[last].At != c.At {
			all = append(all, c)
			continue
		}
		all[last].Lines = slices.Concat(all[last].Lines, c.Lines)
		all[last].Scopes = slices.Compact(slices.Sorted(slices.Values(slices.Concat(all[last].Scopes, c.Scopes))))
	}
	return all
}

const stop = "throw 'This is another tenant; nothing was changed. Sign out of it, then paste this again.'"

// signIn connects to the service and makes sure of the tenant.
//
// What Get-ConnectionInformation calls the tenant of a partner's connection is
// unconfirmed; there, and where the GUID is not known, the tenant's own domains
// tell. A second connection to another tenant counts as another tenant.
func (p Place) signIn(c catalogue.Commands) []string {
	if c.At == catalogue.Exchange {
		connect := "Connect-ExchangeOnline"
		if p.Customer != "" {
			connect += " -DelegatedOrganization " + quote(p.Customer)
		}
		if name := p.Cloud.ExchangeEnvironment; name != "" {
			connect += " -ExchangeEnvironmentName " + name
		}
		if p.Tenant != "" && p.Customer == "" {
			return []string{connect, guard("(Get-ConnectionInformation).TenantID -ne " + quote(p.Tenant))}
		}
		return []string{connect, guard("(Get-AcceptedDomain).DomainName -notcontains " + p.domain())}
	}
	var lines []string
	scopes, tenant, wrong := c.Scopes, quote(p.Tenant), "(Get-MgContext).TenantId -ne "+quote(p.Tenant)
	if p.Tenant == "" {
		scopes, tenant = append(slices.Clone(scopes), "User.Read"), p.domain()
		wrong = "(Get-MgOrganization).VerifiedDomains.Name -notcontains " + p.domain()
	}
	connect := "Connect-MgGraph -TenantId " + tenant + " -Scopes " + list(scopes)
	if name := p.Cloud.GraphEnvironment; name != "" {
		connect += " -Environment " + name
	}
	if p.Cloud.OwnClient {
		lines = append(lines, "$client = Read-Host 'Client id of your own app registration'")
		connect += " -ClientId $client"
	}
	return append(lines, connect, guard(wrong))
}

func guard(wrong string) string { return "if (" + wrong + ") { " + stop + " }" }

// domain is the mailbox's, as an expression.
func (p Place) domain() string {
	if p.Mailbox == "" {
		return "($mailbox.Split('@')[-1])"
	}
	return quote(p.Mailbox[strings.LastIndexByte(p.Mailbox, '@')+1:])
}

// fill puts what is known in the place of the catalogue's placeholders.
func (p Place) fill(lines []string) []string {
	mailbox, path := "$mailbox", "[uri]::EscapeDataString($mailbox)"
	if p.Mailbox != "" {
		mailbox, path = quote(p.Mailbox), quote(url.PathEscape(p.Mailbox))
	}
	app, object := "$app", "$object"
	if p.App != "" {
		app = quote(p.App)
	}
	if p.Object != "" {
		object = quote(p.Object)
	}
	filled := make([]string, len(lines))
	for i, line := range lines {
		filled[i] = strings.NewReplacer("MAILBOX", mailbox, "PATH", path, "APPID", app, "OBJECTID", object).Replace(line)
	}
	return filled
}

func list(words []string) string {
	all := make([]string, len(words))
	for i, w := range words {
		all[i] = quote(w)
	}
	return strings.Join(all, ",")
}

// quote makes a PowerShell string without expansion. PowerShell takes the
// typographic single quotes for the plain one, so they are doubled too.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range s {
		if strings.ContainsRune("'\u2018\u2019\u201a\u201b", r) {
			b.WriteRune(r)
		}
		b.WriteRune(r)
	}
	b.WriteByte('\'')
	return b.String()
}
