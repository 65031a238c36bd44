package words

// inOtherLanguages gives sentences that clients and servers translate, beside
// the English one as the table of signs writes it.
var inOtherLanguages = map[string][]string{}
