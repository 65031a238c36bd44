package words

import (
	"slices"

	"smtpmend/diagnose/words/signs"
)

// Cut ends, in the vocabulary, a phrase whose last word may go on.
const Cut = signs.Cut

// Vocabulary returns everything that a text is compared with, piece by piece.
// A word that holds three letters in a row that none of it holds can be part of
// nothing that decides about the text.
func Vocabulary() []string {
	words := slices.Concat(Phrases(), signs.SubmissionHosts, signs.Domains, signs.Products, signs.NearlyMicrosoft, signs.Marks,
		signs.Placeholders, signs.ForeignMechanisms, signs.Spoke, signs.Asked, signs.Greets, signs.StrangerFields, signs.EntraMarks, signs.EntraWords,
		signs.Introduces, signs.Counts, signs.NotReplies, signs.LeadsOver, signs.Ends, signs.Subjects, signs.Heads, signs.Owners, signs.Copies,
		signs.Announces, signs.MailWords, signs.FetchWords, signs.SignInTalk, signs.Neutral,
		[]string{signs.Hearsay, signs.NamesOfErrors, signs.MailPort, signs.TokenToo, signs.GoogleMark, signs.SubmissionApp, "expected response code localhost"})
	for _, s := range signs.All {
		words = append(words, s.Words, s.And)
	}
	for _, m := range signs.StageMarks {
		words = append(words, m.Words)
	}
	for _, forms := range signs.InOtherLanguages {
		words = append(words, forms...)
	}
	for _, c := range signs.EntraCodes {
		words = append(words, c.With)
	}
	return words
}
