package endpoint

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Load reads an endpoint file. The file is a JSON object with exactly the keys
// of Cloud, all of them required but reports, ca_file and smtp_scope; every error is one sentence that
// names the file and, where there is one, the key. Roots and CA are set when the
// file names a CA file, which is looked for beside the endpoint file.
func Load(path string) (Cloud, error) {
	c, err := load(path)
	if err != nil {
		return Cloud{}, fmt.Errorf("endpoint file %s: %w", path, err)
	}
	return c, nil
}

func load(path string) (Cloud, error) {
	data, err := read(path, maxFile)
	if err != nil {
		return Cloud{}, fmt.Errorf("cannot be read: %w", reason(err))
	}
	c, err := parse(data)
	if err != nil {
		return Cloud{}, err
	}
	if err := c.Validate(); err != nil {
		return Cloud{}, err
	}
	if c.CAFile != "" {
		c.CA, err = loadCA(filepath.Dir(path), c.CAFile)
	}
	for _, cert := range c.CA {
		if c.Roots == nil {
			c.Roots = x509.NewCertPool()
		}
		c.Roots.AddCert(cert)
	}
	return c, err
}

// AllRoots returns the system's roots and those of CAFile in one pool, nil
// for the system's alone. It takes several milliseconds: reading the system's
// roots costs more than a sign-in on loopback.
func (c Cloud) AllRoots() *x509.CertPool {
	if len(c.CA) == 0 {
		return c.Roots
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	for _, cert := range c.CA {
		pool.AddCert(cert)
	}
	return pool
}

// parse is stricter than encoding/json: keys are matched by case, and an
// unknown or repeated one is an error.
func parse(data []byte) (Cloud, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return Cloud{}, syntaxError(data, err)
	}
	if fields == nil {
		return Cloud{}, errors.New("holds null instead of a JSON object")
	}
	var c Cloud
	keys := []struct {
		name string
		to   *string
	}{
		{"name", &c.Name}, {"smtp", &c.SMTP}, {"login", &c.Login},
		{"graph", &c.Graph}, {"exchange", &c.Exchange}, {"reports", &c.Reports}, {"ca_file", &c.CAFile},
		{"smtp_scope", &c.SMTPScope},
	}
	for _, k := range keys {
		raw, ok := fields[k.name]
		delete(fields, k.name)
		if !ok {
			continue
		}
		if err := json.Unmarshal(raw, k.to); err != nil || raw[0] != '"' {
			return Cloud{}, &keyError{k.name, "must be a string"}
		}
	}
	for _, unknown := range slices.Sorted(maps.Keys(fields)) {
		return Cloud{}, &keyError{unknown, "is unknown (known: name, smtp, login, graph, exchange, reports, ca_file, smtp_scope)"}
	}
	for _, root := range []*string{&c.Login, &c.Graph, &c.Exchange, &c.Reports} {
		*root = strings.TrimRight(*root, "/")
	}
	return c, nil
}

// What is read of a file at most, in octets; Mozilla's roots are 220 kB.
const (
	maxFile   = 1 << 20
	maxCAFile = 16 << 20
)

func read(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("it is longer than %d MB", most>>20)
	}
	return data, err
}

func syntaxError(data []byte, err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		line := 1 + bytes.Count(data[:min(int(syntax.Offset), len(data))], []byte("\n"))
		return fmt.Errorf("is not valid JSON (line %d): %w", line, err)
	}
	return errors.New("must hold one JSON object")
}

func loadCA(dir, name string) ([]*x509.Certificate, error) {
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	rest, err := read(path, maxCAFile)
	if err != nil {
		return nil, &keyError{"ca_file", fmt.Sprintf("names %s, which cannot be read: %v", path, reason(err))}
	}
	var found []*x509.Certificate
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, &keyError{"ca_file", fmt.Sprintf("names %s, whose certificate %d is broken", path, len(found)+1)}
		}
		found = append(found, cert)
	}
	if len(found) == 0 {
		return nil, &keyError{"ca_file", fmt.Sprintf("names %s, which holds no certificate in PEM form", path)}
	}
	return found, nil
}

// reason drops the path from a file error: the sentence names it already.
func reason(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
