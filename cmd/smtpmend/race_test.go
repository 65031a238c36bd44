//go:build race

package main

// The race detector makes each state several times dearer.
func init() { slower = 5 }
