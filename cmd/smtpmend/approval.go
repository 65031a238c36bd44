package main

import (
	"context"
	"fmt"
	"strings"

	"smtpmend/diagnose/catalogue"
	"smtpmend/internal/fact"
	"smtpmend/internal/view"
	"smtpmend/remediate"
)

// approvalFlags are --yes and --yes-tenant-wide.
type approvalFlags struct {
	yes        yesValue
	tenantWide bool
}

func (f *approvalFlags) policy() remediate.Policy {
	return remediate.Policy{Yes: f.yes.on, Causes: f.yes.causes, YesTenantWide: f.tenantWide}
}

// A yesValue is the value of --yes: true, false, or the causes that it is
// limited to. It implements pflag.Value.
type yesValue struct {
	on     bool
	causes []catalogue.Code
}

func (*yesValue) Type() string { return "CAUSE,..." }

func (y *yesValue) String() string {
	if len(y.causes) == 0 {
		return fmt.Sprint(y.on)
	}
	words := make([]string, len(y.causes))
	for i, c := range y.causes {
		words[i] = string(c)
	}
	return strings.Join(words, ",")
}

func (y *yesValue) Set(s string) error {
	*y = yesValue{}
	if s == "true" || s == "false" {
		y.on = s == "true"
		return nil
	}
	for word := range strings.SplitSeq(s, ",") {
		cause := catalogue.Code(strings.TrimSpace(word))
		if _, ok := catalogue.Lookup(cause); !ok {
			if hint := didYouMean(string(cause), view.Codes(remediate.Mendable())); hint != "" {
				return fmt.Errorf("%q is no cause%s", word, hint)
			}
			return fmt.Errorf("%q is no cause; those that fix can mend are %s", word, mendable())
		}
		if _, ok := remediate.Lookup(cause); !ok {
			return fmt.Errorf("only a person can remove %s; those that fix can mend are %s", cause, mendable())
		}
		y.causes = append(y.causes, cause)
	}
	y.on = true
	return nil
}

// mendable lists the causes that fix can mend.
func mendable() string {
	return strings.Join(view.Codes(remediate.Mendable()), ", ")
}

// approver decides on plans: by the flags, else by asking a person.
func (a *app) approver(ctx context.Context, f *fixFlags, next view.NextCommand) func(remediate.Plan) (bool, error) {
	if f.powershell || f.forAdmin {
		return nil
	}
	return func(plan remediate.Plan) (bool, error) {
		if err := view.Plan(a.Err, plan, a.form(), next); err != nil {
			return false, err
		}
		prompt, word := a.approvalPrompt(plan)
		switch {
		case f.hearsay:
			return false, nil // nobody is asked to approve what will not be made
		case a.rehearsal:
			fmt.Fprintf(a.Err, "%s%s   (%s)\n", prompt, word, a.t("the demonstration answers"))
			return true, nil
		case f.approval.policy().Allows(plan):
			return true, nil
		case !a.Interactive:
			return false, nil
		}
		return a.approves(ctx, prompt, word)
	}
}

// approvalPrompt asks for a name where a mere yes does not do.
func (a *app) approvalPrompt(plan remediate.Plan) (prompt, word string) {
	word = plan.Word()
	switch {
	case word == "":
		return a.t(`Type "yes" to make this change, or press Enter to leave it:`) + " ", "yes"
	case plan.Scope() == fact.ScopeTenant:
		return a.t("This touches everybody. Type %s to make this change, or press Enter to leave it:", word) + " ", word
	}
	return a.t("Nobody knows whether this is an administrator. Type %s to make this change, or press Enter to leave it:", word) + " ", word
}
