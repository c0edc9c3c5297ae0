package main

import "strings"

// indent sets a text two columns in, without an empty line at its end.
func indent(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n  ")
}
