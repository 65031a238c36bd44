package signs

import (
	"slices"
	"strings"
)

// A EntraCode is one of Entra's AADSTS codes, as the token endpoint and the
// sign-in log give them. No reply of the mail server carries one. A row that
// neither names nor allows a cause explains no refused submission.
type EntraCode struct {
	Number int
	With   string // words that must stand in the text as well
	// Says are sentences of Entra's for it, which tell as much without the
	// number; Like are some that others write as well, and leave it open. "..."
	// stands for what varies.
	Says, Like []string
	Token      bool // met only where a token is asked for
	Names      Code
	Allows     []Code
	Note       string // what it means, and what to do
}

// EntraCodes follows MicrosoftDocs/entra-docs reference-error-codes.md, which
// warns that codes may change; the mapping to SMTP AUTH is ours. What the page
// lacks says so in its row.
var EntraCodes = slices.Concat(entraAccountCodes, entraPolicyCodes, entraServiceCodes, entraTokenCodes, entraAppCodes, entraOtherCodes)

// Tells reports whether a submission can be refused because of the code.
func (c EntraCode) Tells() bool { return c.Names != "" || len(c.Allows) > 0 }

// Possible returns the causes that the code leaves open.
func (c EntraCode) Possible() []Code { return Sign{Names: c.Names, Allows: c.Allows}.Possible() }

const (
	noteEntraWords = "These are Entra's words, without their number."
	noteLikeEntra  = "Entra says these words, and others do as well."
)

// entraSigns are the sentences of EntraCodes, as rows of the table of signs.
func entraSigns() []Sign {
	var out []Sign
	for _, c := range EntraCodes {
		for _, says := range c.Says {
			words, and, _ := strings.Cut(says, "...")
			out = append(out, Sign{Words: words, And: and, Client: true, Shared: true, Names: c.Names, Allows: c.Allows, Note: c.Note + " " + noteEntraWords})
		}
		for _, like := range c.Like {
			words, and, _ := strings.Cut(like, "...")
			out = append(out, Sign{Words: words, And: and, Client: true, Loose: true, Allows: c.Possible(), Note: c.Note + " " + noteLikeEntra})
		}
	}
	return out
}
