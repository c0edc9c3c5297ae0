package yaml

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ridethrough/ridethrough/topology"
)

// checkCharacters reports the first character that YAML does not allow, with a place, which the parser does not give.
func checkCharacters(text []byte) *topology.Fault {
	line, column := 1, 1
	for at := 0; at < len(text); column++ {
		r, size := utf8.DecodeRune(text[at:])
		fault := topology.Fault{Line: line, Column: column, Reason: topology.BadSyntax}
		switch {
		case r == utf8.RuneError && size == 1:
			fault.Text = "the text is not valid UTF-8 here: save the file as UTF-8"
			return &fault
		case r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f || 0x80 <= r && r < 0xa0 && r != 0x85 || r == 0xfffe || r == 0xffff:
			fault.Text = fmt.Sprintf("the control character %q is not allowed: leave it out", r)
			return &fault
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
func syntaxFault(text []byte, err error) topology.Fault {
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
	return topology.Fault{Line: max(line, 1), Column: 1, Reason: topology.BadSyntax, Text: message}
}

func anchorFault(text []byte, anchor string) topology.Fault {
	before := text[:max(0, bytes.Index(text, []byte("*"+anchor)))]
	return topology.Fault{
		Line:   1 + bytes.Count(before, []byte("\n")),
		Column: 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]),
		Reason: topology.BadSyntax,
		Text:   fmt.Sprintf("there is no anchor &%s before this", anchor),
	}
}
