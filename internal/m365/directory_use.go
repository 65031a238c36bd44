package m365

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"time"

	abstractions "github.com/microsoft/kiota-abstractions-go"

	"smtpmend/internal/cloudapi"
	"smtpmend/internal/inventory"
)

// logPage is how many records of the log are asked for at once. Graph gives up
// to a thousand; each lists all policies of the tenant, and an answer is
// bounded.
const logPage = "500"

// SignIns implements inventory.Source: the interactive sign-ins of v1.0, then
// the others, which only /beta returns.
func (d *Directory) SignIns(ctx context.Context, since time.Time) iter.Seq2[inventory.SignIn, error] {
	return func(yield func(inventory.SignIn, error) bool) {
		r, err := d.t.newReads(ctx)
		if err != nil {
			yield(inventory.SignIn{}, missing{err})
			return
		}
		filter := createdSince(since) + " and " + overSMTP()
		const path = "/auditLogs/signIns{?%24filter,%24top}"
		v1 := func(top string) *abstractions.RequestInformation {
			return r.graph.get(path, map[string]string{"%24filter": filter, "%24top": top})
		}
		if err := d.premiumLog(ctx, r, func() *abstractions.RequestInformation { return v1("1") }); err != nil {
			yield(inventory.SignIn{}, d.errLog("the sign-in log", err))
			return
		}
		for _, log := range []struct {
			name    string
			request *abstractions.RequestInformation
		}{
			{"the log of interactive sign-ins", v1(logPage)},
			{"the log of non-interactive sign-ins", r.graph.betaRequest(abstractions.GET, path, map[string]string{
				"%24filter": createdSince(since) + " and " + nonInteractive + " and " + overSMTP(), "%24top": logPage,
			})},
		} {
			for record, err := range pagesOf[signIn](ctx, d, r.graph, log.request) {
				if err != nil {
					yield(inventory.SignIn{}, d.errLog(log.name+" to its end", err))
					return
				}
				if !record.counts() {
					continue
				}
				if !yield(record.forInventory(), nil) {
					return
				}
			}
		}
	}
}

// premiumLog returns the refusal of a log that the tenant has no licence for.
// That answer is known to be wrong at times, so it is believed when the
// subscriptions say so too, or when it comes twice.
func (d *Directory) premiumLog(ctx context.Context, r *reads, request func() *abstractions.RequestInformation) error {
	for try := 1; ; try++ {
		err := d.patiently(ctx, cloudapi.Graph, func() error {
			_, err := page[signIn](ctx, r.graph, request())
			return err
		})
		f, ok := errors.AsType[*cloudapi.Fault](err)
		if !ok || f.Code != cloudapi.NoPremium || try == definite || r.neverPremium(ctx) {
			return err
		}
	}
}

// counts reports whether the record is one of SMTP; one that does not tell is
// handed on, as one that cannot be used.
func (s *signIn) counts() bool {
	return s.ClientAppUsed == "" || slices.Contains(smtpClients, s.ClientAppUsed)
}

func (s *signIn) forInventory() inventory.SignIn {
	record := inventory.SignIn{
		User: s.UserID, Principal: cloudapi.Clean(s.UserPrincipalName), At: s.CreatedDateTime, Address: s.IPAddress, Code: -1,
	}
	if s.Status.ErrorCode != nil && s.ClientAppUsed != "" {
		record.Code = *s.Status.ErrorCode
	}
	return record
}

// AppUsage implements inventory.Source.
func (d *Directory) AppUsage(ctx context.Context, days int) (io.ReadCloser, error) {
	var report io.ReadCloser
	err := d.patiently(ctx, cloudapi.Graph, func() (err error) {
		report, err = d.t.session.Report(ctx, fmt.Sprintf("/v1.0/reports/getEmailAppUsageUserDetail(period='D%d')", days))
		return err
	})
	if err != nil {
		return nil, d.noReport(err)
	}
	return &explainedReport{report, d}, nil
}

// noReport says why there is no report. A host that the endpoint table does not
// name stays unnamed however often it is asked.
func (d *Directory) noReport(err error) error {
	f := *cloudapi.AsFault(err)
	if errors.Is(f.Kind, ErrOutsideCloud) {
		f.Kind = errNoMore
	}
	return d.explain("the e-mail app usage report", cloudapi.Graph, readReports, &f)
}

// An explainedReport makes sentences of what goes wrong in a download.
type explainedReport struct {
	io.ReadCloser
	d *Directory
}

func (r *explainedReport) Read(p []byte) (int, error) {
	n, err := r.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = r.d.noReport(err)
	}
	return n, err
}
