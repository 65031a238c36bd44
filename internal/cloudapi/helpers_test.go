package cloudapi_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func withCancel(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithCancel(t.Context())
}

func read(dir, name string) string {
	text, _ := os.ReadFile(filepath.Join(dir, name))
	return string(text)
}

func pause() { time.Sleep(5 * time.Millisecond) }
