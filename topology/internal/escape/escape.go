// Package escape writes names so that they stand for themselves in a bracket of a pattern.
package escape

import "strings"

// Inside returns a name with a backslash before what a pattern would take for something else, in a bracket too.
func Inside(name string) string {
	var b strings.Builder
	for _, c := range name {
		if strings.ContainsRune(`\[]{}=;,-+`, c) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}
