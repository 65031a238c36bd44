package cloudapi

import (
	"crypto/sha1"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"

	"smtpmend/internal/secret"
)

// Thumbprint is what Entra calls the certificate in a file, as a Grant names it:
// the SHA-1 of it in upper-case hexadecimal; "" where the file holds none.
func Thumbprint(path string, password secret.Secret) string {
	data, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return ""
	}
	certs, _, err := azidentity.ParseCertificates(data, []byte(password.Reveal()))
	if err != nil || len(certs) == 0 {
		return ""
	}
	sum := sha1.Sum(certs[0].Raw)
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}
