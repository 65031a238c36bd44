package m365

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"strings"

	"github.com/google/uuid"
	abstractions "github.com/microsoft/kiota-abstractions-go"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/fact"
	"smtpmend/internal/inventory"
)

// maxListPages bounds a list of a whole tenant: five million entries.
const maxListPages = 5000

// maxLogPages bounds a log: five million records. maxEmptyPages bounds how many
// of its pages in a row have none: a filter makes some, a list without an end
// nothing else.
const (
	maxLogPages   = 10_000
	maxEmptyPages = 500
)

// maxRestarts is how often a list of Exchange is begun again.
const maxRestarts = 5

// Switches implements inventory.Source.
func (d *Directory) Switches(ctx context.Context) iter.Seq2[inventory.Switch, error] {
	list := d.exchange(ctx, "the mailboxes' switches for SMTP AUTH", fact.MailboxSMTPAuth, cloudapi.Listing{
		Cmdlet: "Get-CASMailbox", Parameters: unlimited(),
		Properties: []string{"Guid", "ExternalDirectoryObjectId", "PrimarySmtpAddress", "EmailAddresses", smtpDisabled},
	})
	return mapped(list, func(o cloudapi.Object) inventory.Switch {
		value, err := smtpAuth(o)
		if err != nil {
			value = ""
		}
		return inventory.Switch{Identity: identityOf(o), Addresses: addresses(o), SMTPAuth: value}
	})
}

// Mailboxes implements inventory.Source.
func (d *Directory) Mailboxes(ctx context.Context) iter.Seq2[inventory.Mailbox, error] {
	list := d.exchange(ctx, "the list of mailboxes", fact.MailboxKind, cloudapi.Listing{
		Cmdlet: "Get-Mailbox", Parameters: unlimited(),
		Properties: []string{"Guid", "ExternalDirectoryObjectId", "PrimarySmtpAddress", "UserPrincipalName", "RecipientTypeDetails", "AccountDisabled", skuAssigned},
	})
	return mapped(list, func(o cloudapi.Object) inventory.Mailbox {
		return inventory.Mailbox{
			Identity: identityOf(o), Address: text(o, "PrimarySmtpAddress"), Principal: text(o, "UserPrincipalName"),
			Kind:    mailboxKind(text(o, "RecipientTypeDetails")),
			Licence: worded(o, skuAssigned, "yes", "no"), Account: worded(o, "AccountDisabled", "disabled", "enabled"),
		}
	})
}

// Users implements inventory.Source.
func (d *Directory) Users(ctx context.Context) iter.Seq2[inventory.User, error] {
	list := d.exchange(ctx, "the accounts' authentication policies", fact.UserAuthPolicySMTP, cloudapi.Listing{
		Cmdlet: "Get-User", Parameters: unlimited(),
		Properties: []string{"Guid", "ExternalDirectoryObjectId", "AuthenticationPolicy"},
	})
	return mapped(list, func(o cloudapi.Object) inventory.User {
		policy, err := o.Text("AuthenticationPolicy")
		if err != nil {
			api, access := accessOf(fact.UserAuthPolicySMTP)
			err = d.explain("the authentication policy of some accounts", api, access, err)
		}
		return inventory.User{Identity: identityOf(o), Policy: commonName(policy), Unread: err}
	})
}

// unlimited are the parameters of a list that does not end after a thousand, as in
// PowerShell; whether this API needs them is unconfirmed.
func unlimited() map[string]any { return map[string]any{"ResultSize": "Unlimited"} }

func identityOf(o cloudapi.Object) inventory.Identity {
	ids := identify(o)
	return inventory.Identity{Directory: ids.directory, Exchange: ids.exchange}
}

// worded is a boolean property in words, "" where it is not one.
func worded(o cloudapi.Object, property, yes, no string) string {
	value, err := o.Flag(property)
	switch {
	case err != nil || value == nil:
		return ""
	case *value:
		return yes
	}
	return no
}

// exchange lists what a cmdlet gives. Links to pages go stale; then the list is
// begun again, and what was given before is passed over.
func (d *Directory) exchange(ctx context.Context, what string, about fact.Name, l cloudapi.Listing) iter.Seq2[cloudapi.Object, error] {
	return func(yield func(cloudapi.Object, error) bool) {
		cmdlets := d.t.exchange.Cmdlets(d.t.id, d.t.exchange.ReadScopes)
		given := map[uuid.UUID]bool{}
		link, restarts := "", 0
		fail := func(err error) {
			api, access := accessOf(about)
			yield(nil, d.explain(what, api, access, err))
		}
		for range maxListPages {
			var list []cloudapi.Object
			var next string
			err := d.patiently(ctx, cloudapi.Exchange, func() (err error) {
				list, next, err = cmdlets.Page(ctx, l, link)
				return err
			})
			if f := cloudapi.AsFault(err); err != nil && f.Code == cloudapi.PageExpired && restarts < maxRestarts {
				restarts, link = restarts+1, ""
				continue
			}
			if err == nil && next != "" && next == link {
				err = cloudapi.NoValue("another page behind the link to it")
			}
			if err != nil {
				fail(err)
				return
			}
			for _, o := range list {
				id, err := uuid.Parse(identify(o).exchange)
				if err == nil && given[id] {
					continue
				}
				if given[id] = err == nil; !yield(o, nil) {
					return
				}
			}
			if link = next; link == "" {
				return
			}
		}
		fail(cloudapi.NoValue(fmt.Sprintf("an end of the list after %d pages", maxListPages)))
	}
}

// pagesOf lists what lies behind a request to Graph.
func pagesOf[T any](ctx context.Context, d *Directory, g *graphClient, request *abstractions.RequestInformation) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		last, empty := "", 0
		for range maxLogPages {
			var list []T
			var link string
			err := d.patiently(ctx, cloudapi.Graph, func() (err error) {
				list, link, err = onePage[T](ctx, g, request)
				return err
			})
			if err != nil {
				yield(none, err)
				return
			}
			for _, entry := range list {
				if !yield(entry, nil) {
					return
				}
			}
			if link == "" {
				return
			}
			if empty++; len(list) > 0 {
				empty = 0
			}
			if empty == maxEmptyPages {
				yield(none, cloudapi.NoValue(fmt.Sprintf("an end of the list after %d pages", empty)))
				return
			}
			next, err := url.Parse(link)
			if err != nil || link == last {
				yield(none, cloudapi.NoValue("a usable link to the next page"))
				return
			}
			last = link
			request = abstractions.NewRequestInformation()
			request.Method = abstractions.GET
			request.SetUri(*next)
			request.Headers.TryAdd("Accept", "application/json")
		}
		yield(none, cloudapi.NoValue(fmt.Sprintf("an end of the list after %d pages", maxLogPages)))
	}
}

// mapped makes other entries of those of a list.
func mapped[A, B any](list iter.Seq2[A, error], change func(A) B) iter.Seq2[B, error] {
	return func(yield func(B, error) bool) {
		for a, err := range list {
			var b B
			if err == nil {
				b = change(a)
			}
			if !yield(b, err) {
				return
			}
		}
	}
}

// mailboxKind is the value of mailbox.kind for Exchange's word, "" for none.
func mailboxKind(details string) string {
	if strings.TrimSpace(details) == "" {
		return ""
	}
	for _, k := range mailboxKinds {
		if k.exchange == details {
			return k.kind
		}
	}
	return "other"
}
