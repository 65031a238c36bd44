// Package browsertest is, in tests, the browser of a person who signs in: a
// program xdg-open in PATH that opens the page, fills in nothing and sends its
// form. It runs no scripts and keeps no cookies.
package browsertest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// asBrowser is the first argument of the test binary when it is the browser.
const asBrowser = "browsertest-open"

// called: without Main the browser would be the tests once more, which open a
// browser.
var called bool

// Main is called first thing by TestMain of a package that uses Install.
func Main() {
	called = true
	if len(os.Args) != 5 || os.Args[1] != asBrowser {
		return
	}
	if err := visit(os.Args[2], os.Args[3], os.Args[4]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// Install makes PATH one directory that holds xdg-open alone and returns it; see
// Write.
func Install(t *testing.T, caFile string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := Write(dir, caFile); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	return dir
}

// Write makes xdg-open in dir. A visit leaves beside it the files page.html and,
// where the page had a form, answer.html, and environ, the environment of the
// browser. The page's certificate is held against the roots in caFile.
func Write(dir, caFile string) error {
	self, err := os.Executable()
	if err != nil || !called {
		return errors.Join(errors.New("TestMain has to call browsertest.Main"), err)
	}
	return script(dir, fmt.Sprintf("exec '%s' %s '%s' '%s' \"$1\"", self, asBrowser, caFile, dir))
}

// InstallScript is Install with a shell script that is told the address in $1.
func InstallScript(t *testing.T, text string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := script(dir, text); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	return dir
}

func script(dir, text string) error {
	return os.WriteFile(filepath.Join(dir, "xdg-open"), []byte("#!/bin/sh\n"+text+"\n"), 0o700)
}

var (
	formAction = regexp.MustCompile(`<form method="post" action="([^"]*)"`)
	formField  = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)
)

// visit opens the page and sends its form, where it has one.
func visit(caFile, dir, address string) error {
	roots := x509.NewCertPool()
	pem, err := os.ReadFile(caFile)
	if err != nil || !roots.AppendCertsFromPEM(pem) {
		return fmt.Errorf("no roots in %s: %w", caFile, err)
	}
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	page, err := keep(filepath.Join(dir, "page.html"))(client.Get(address))
	if err != nil {
		return err
	}
	environ := os.WriteFile(filepath.Join(dir, "environ"), []byte(strings.Join(os.Environ(), "\n")), 0o600)
	action := formAction.FindStringSubmatch(page)
	if action == nil {
		return environ
	}
	form := url.Values{}
	for _, field := range formField.FindAllStringSubmatch(page, -1) {
		form.Add(html.UnescapeString(field[1]), html.UnescapeString(field[2]))
	}
	_, err = keep(filepath.Join(dir, "answer.html"))(client.PostForm(html.UnescapeString(action[1]), form))
	return errors.Join(environ, err)
}

// keep writes the body of an answer to a file and returns it.
func keep(file string) func(*http.Response, error) (string, error) {
	return func(resp *http.Response, err error) (string, error) {
		if err != nil {
			return "", err
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		return string(body), errors.Join(err, os.WriteFile(file, body, 0o600))
	}
}
