package logs

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
	"github.com/ulikunitz/xz/lzma"
)

// A FormatError says that a file is of a format that is not read, and which.
type FormatError struct {
	Format string // such as "a zip archive"
	Advice string // what makes a readable file of it
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("it is %s, which smtpmend does not read: %s", e.Format, e.Advice)
}

// Bounds of what decompression may hold. xz -9 and zstd --ultra ask for the
// former, no common setting for more.
const (
	maxXZDictionary = 64 << 20
	maxZstdWindow   = 32 << 20
)

// A packing is a compression, known by the octets with which it begins.
type packing struct {
	magic string
	open  func(*bufio.Reader) (io.Reader, error)
}

var packings = []packing{
	{"\x1f\x8b", func(r *bufio.Reader) (io.Reader, error) { return gzip.NewReader(r) }},
	{"BZh", func(r *bufio.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil }},
	{"\xfd7zXZ\x00", openXZ},
	{"\x28\xb5\x2f\xfd", openZstd},
}

func openZstd(r *bufio.Reader) (io.Reader, error) {
	d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxZstdWindow))
	if err != nil {
		return nil, err
	}
	return d.IOReadCloser(), nil
}

// openXZ looks at the first block's header first (the .xz file format, section
// 3.1): the library takes as much memory as that asks for.
func openXZ(r *bufio.Reader) (io.Reader, error) {
	head, _ := r.Peek(32)
	const size, filter = 12, 0x21 // of the stream's header, of LZMA2
	if i := bytes.IndexByte(head[min(len(head), size+2):], filter); i >= 0 && size+2+i+2 < len(head) {
		if dictionary, err := lzma.DecodeDictCap(head[size+2+i+2]); err == nil && dictionary > maxXZDictionary {
			return nil, &FormatError{fmt.Sprintf("an xz file with a dictionary of %d MiB", dictionary>>20), "unpack it first"}
		}
	}
	return xz.NewReader(r)
}

const unpack, export = "unpack it first", "export it as text first"

// unreadable lists formats that hold logs or come in their place, by the
// octets at an offset.
var unreadable = []struct {
	at     int
	magic  string
	format FormatError
}{
	{0, "PK\x03\x04", FormatError{"a zip archive", unpack}},
	{0, "PK\x05\x06", FormatError{"a zip archive", unpack}},
	{257, "ustar", FormatError{"a tar archive", unpack}},
	{0, "7z\xbc\xaf\x27\x1c", FormatError{"a 7z archive", unpack}},
	{0, "Rar!\x1a\x07", FormatError{"a rar archive", unpack}},
	{0, "\x04\x22\x4d\x18", FormatError{"an lz4 file", unpack}},
	{0, "LZIP", FormatError{"an lzip file", unpack}},
	{0, "\x1f\x9d", FormatError{"a compress (.Z) file", unpack}},
	{0, "ElfFile\x00", FormatError{"a Windows event log (.evtx)", "save it as XML in the Event Viewer"}},
	{0, "LPKSHHRH", FormatError{"a journal of systemd", "export it with journalctl --output=short-iso"}},
	{0, "SQLite format 3\x00", FormatError{"an SQLite database", export}},
	{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FormatError{"an Outlook message or an old Office file", "save the message as text or .eml"}},
	{0, "!BDN", FormatError{"an Outlook data file (.pst)", export}},
	{0, "%PDF-", FormatError{"a PDF file", export}},
	{0, "{\\rtf", FormatError{"an RTF file", export}},
	{0, "\x89PNG", FormatError{"a picture", "type the words of the refusal and give them to smtpmend explain"}},
	{0, "\xff\xd8\xff", FormatError{"a picture", "type the words of the refusal and give them to smtpmend explain"}},
	{0, "\x7fELF", FormatError{"a program", "give the log that it writes"}},
	{0, "MZ\x90\x00", FormatError{"a program", "give the log that it writes"}},
	{0, "\xff\xfe\x00\x00", FormatError{"text in UTF-32", "save it as UTF-8"}},
	{0, "\x00\x00\xfe\xff", FormatError{"text in UTF-32", "save it as UTF-8"}},
}

// sampleSize is how much of the beginning of a file tells what it is.
const sampleSize = 16 << 10

// open returns what stands in a file: unpacked, in UTF-8 (or a code page of one
// octet a character) with LF or CR LF at the end of lines. Its error is a
// FormatError, or that of reading.
func open(r io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	for range 2 { // packed twice at most
		packed, err := unpacked(in)
		if err != nil {
			return nil, err
		}
		if packed == nil {
			break
		}
		in = bufio.NewReaderSize(packed, 64<<10)
	}
	sample, err := in.Peek(sampleSize)
	if err != nil && !errors.Is(err, io.EOF) && len(sample) == 0 {
		return nil, err
	}
	for _, f := range unreadable {
		if len(sample) >= f.at && bytes.HasPrefix(sample[f.at:], []byte(f.magic)) {
			return nil, &f.format
		}
	}
	if p := packingOf(sample); p != nil {
		return nil, &FormatError{"a file that is packed more than twice", unpack}
	}
	return decoded(in, sample)
}

func packingOf(sample []byte) *packing {
	for i := range packings {
		if bytes.HasPrefix(sample, []byte(packings[i].magic)) {
			return &packings[i]
		}
	}
	return nil
}

// unpacked returns what is packed in a file, nil when nothing is.
func unpacked(in *bufio.Reader) (io.Reader, error) {
	head, _ := in.Peek(8)
	p := packingOf(head)
	if p == nil {
		return nil, nil
	}
	return p.open(in)
}
