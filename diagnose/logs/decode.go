package logs

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// decoded undoes UTF-16 and line ends of a single CR, of which the sample, the
// beginning of the file, shows the signs.
func decoded(in *bufio.Reader, sample []byte) (*bufio.Reader, error) {
	if order, ok := utf16Order(sample); ok {
		in = bufio.NewReaderSize(unicode.UTF16(order, unicode.UseBOM).NewDecoder().Reader(in), 64<<10)
		sample, _ = in.Peek(sampleSize)
	} else if bytes.HasPrefix(sample, []byte("\xef\xbb\xbf")) {
		in.Discard(3)
		sample = sample[3:]
	}
	if isBinary(sample) {
		return nil, &FormatError{"no text", export}
	}
	if bytes.IndexByte(sample, '\n') < 0 && bytes.IndexByte(sample, '\r') >= 0 {
		in = bufio.NewReaderSize(&crReader{r: in}, 64<<10)
	}
	return in, nil
}

// utf16Order finds text in UTF-16 by its mark or, as PowerShell and Windows
// write it without one, by where the zero octets of plain text stand.
func utf16Order(sample []byte) (unicode.Endianness, bool) {
	switch {
	case bytes.HasPrefix(sample, []byte("\xff\xfe")):
		return unicode.LittleEndian, true
	case bytes.HasPrefix(sample, []byte("\xfe\xff")):
		return unicode.BigEndian, true
	}
	var zeros [2]int // beside an ASCII character, at even places and at odd ones
	for i, c := range sample {
		if other := i ^ 1; c == 0 && other < len(sample) && sample[other] > '\b' && sample[other] < 0x7f {
			zeros[i%2]++
		}
	}
	enough := max(1, len(sample)/8)
	switch {
	case zeros[1] > enough && zeros[1] > 2*zeros[0]:
		return unicode.LittleEndian, true
	case zeros[0] > enough && zeros[0] > 2*zeros[1]:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

// isBinary reports whether more than a tenth of the sample is octets that stand
// in no text. Zeros do not count: a crash leaves them in logs.
func isBinary(sample []byte) bool {
	odd, all := 0, 0
	for i := 0; i < len(sample); {
		r, n := utf8.DecodeRune(sample[i:])
		switch c := sample[i]; {
		case c == 0:
			all--
		case r == utf8.RuneError && n == 1 && c < 0xa0 && len(sample)-i > utf8.UTFMax:
			odd++
		case c < ' ' && bytes.IndexByte([]byte("\t\n\r\f\b\x1b"), c) < 0, c == 0x7f:
			odd++
		}
		i += n
		all++
	}
	return all >= 32 && odd > all/10
}

// A crReader gives LF for each CR.
type crReader struct{ r io.Reader }

func (c *crReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	for i, b := range p[:n] {
		if b == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

// text returns a piece of a log as valid UTF-8. What is none is taken for
// Windows-1252, which has all of Latin-1.
func text(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	s, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return string(bytes.ToValidUTF8(b, nil))
	}
	return string(s)
}
