package yaml

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ridethrough/ridethrough/topology"
)

// checkCharacters reports the first character that YAML does not allow, with a place, which the parser does not give.
func checkCharacters(text []byte) topology.Faults {
	line, column := 1, 1
	for at := 0; at < len(text); column++ {
		r, size := utf8.DecodeRune(text[at:])
		switch {
		case r == utf8.RuneError && size == 1:
			return bad(line, column, "the text is not valid UTF-8 here: save the file as UTF-8")
		case unicode.IsControl(r) && !strings.ContainsRune("\t\n\r\u0085", r) || r == 0xfffe || r == 0xffff:
			return bad(line, column, "the control character %q is not allowed: leave it out", r)
		case r == '\n':
			line, column = line+1, 0
		}
		at += size
	}
	return nil
}

// countLines returns how many lines YAML finds in a text.
func countLines(text []byte) int {
	lines := 1 + bytes.Count(text, []byte("\n")) + bytes.Count(text, []byte("\r")) - bytes.Count(text, []byte("\r\n"))
	for _, end := range []string{"\u0085", "\u2028", "\u2029"} {
		lines += bytes.Count(text, []byte(end))
	}
	return lines
}

var (
	withLine   = regexp.MustCompile(`^line (\d+): `)
	withAnchor = regexp.MustCompile(`^unknown anchor '(.*)' referenced`)
	fromZero   = regexp.MustCompile(`^did not find expected (key|node content|',' or|'-' indicator|<)`)
)

// hints say what would be right where one mistake is behind most faults of a sort.
var hints = []struct{ found, hint string }{
	{"did not find expected ',' or", `in braces and brackets a text that has some in it stands in quotes, as in {name: "a-[1-3]"}`},
	{"mapping values are not allowed", `a text with ": " in it stands in quotes`},
	{"cannot start any token", "a text that begins with @ or ` or % stands in quotes, and lines are indented with spaces"},
	{"did not find expected key", "the fields of one component begin in the same column"},
}

// syntaxFault makes a fault of the parser's error, which has a line or the name of an anchor.
func syntaxFault(text []byte, err error) topology.Faults {
	message, line := strings.TrimPrefix(err.Error(), "yaml: "), 1
	if m := withLine.FindStringSubmatch(message); m != nil {
		line, _ = strconv.Atoi(m[1])
		message = message[len(m[0]):]
		if fromZero.MatchString(message) { // the parser counts these lines from 0, and others from 1
			line++
		}
	}
	if m := withAnchor.FindStringSubmatch(message); m != nil {
		return anchorFault(text, m[1])
	}
	for _, h := range hints {
		if strings.Contains(message, h.found) {
			message += ": " + h.hint
		}
	}
	return bad(max(line, 1), 1, "%s", message)
}

func anchorFault(text []byte, anchor string) topology.Faults {
	before := text[:max(0, bytes.Index(text, []byte("*"+anchor)))]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	return bad(line, column, "there is no anchor &%s before this", anchor)
}

// bad makes a fault of a text that is not YAML, or not YAML for a fleet.
func bad(line, column int, format string, args ...any) topology.Faults {
	return topology.Faults{{Line: line, Column: column, Reason: topology.BadSyntax, Text: fmt.Sprintf(format, args...)}}
}
