package topology

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds how deep values may stand inside one another; a fleet needs 6.
const maxDepth = 100

// checkSyntax reads a JSON text (RFC 8259) to its end. It returns where it is wrong and how; "" if it is not.
func checkSyntax(text string) (at int, wrong string) {
	if !utf8.ValidString(text) {
		return invalidUTF8(text), "the text is not valid UTF-8 here: save the file as UTF-8"
	}
	c := checker{text: text}
	if !c.value(1) {
		return c.at, c.wrong
	}
	if c.space(); c.at < len(text) {
		return c.at, fmt.Sprintf("found %s after the end: leave it out", c.found())
	}
	return 0, ""
}

func invalidUTF8(text string) int {
	for i, r := range text {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
				return i
			}
		}
	}
	return len(text)
}

// A checker stands at a place in a text. Its methods go past what they check, or stop at what is wrong and return
// false.
type checker struct {
	text  string
	at    int
	wrong string
}

func (c *checker) fail(format string, args ...any) bool {
	c.wrong = fmt.Sprintf(format, args...)
	return false
}

// found says what stands here.
func (c *checker) found() string {
	if c.at == len(c.text) {
		return "the end of the text"
	}
	end := c.at
	for end < len(c.text) && (isLetter(c.text[end]) || isDigit(c.text[end])) {
		end++
	}
	if end == c.at {
		_, size := utf8.DecodeRuneInString(c.text[c.at:])
		end += size
	}
	return quote(c.text[c.at:end])
}

func (c *checker) space() {
	c.at = skipSpace(c.text, c.at)
}

func skipSpace(text string, at int) int {
	for at < len(text) && (text[at] == ' ' || text[at] == '\n' || text[at] == '\t' || text[at] == '\r') {
		at++
	}
	return at
}

// next returns the byte that stands here, 0 at the end.
func (c *checker) next() byte {
	if c.at == len(c.text) {
		return 0
	}
	return c.text[c.at]
}

func (c *checker) value(depth int) bool {
	c.space()
	switch b := c.next(); {
	case b == '{' || b == '[':
		if depth > maxDepth {
			return c.fail("more than %d levels deep: no field of a fleet is", maxDepth)
		}
		c.at++
		if b == '{' {
			return c.object(depth)
		}
		return c.list(depth)
	case b == '"':
		return c.str()
	case b == '-' || isDigit(b):
		return c.number()
	}
	for _, word := range []string{"true", "false", "null"} {
		if strings.HasPrefix(c.text[c.at:], word) {
			c.at += len(word)
			return true
		}
	}
	if isLetter(c.next()) {
		return c.fail("found %s where a value is wanted: text stands in quotes", c.found())
	}
	return c.fail("found %s where a value is wanted", c.found())
}

func (c *checker) object(depth int) bool {
	if c.space(); c.next() == '}' {
		c.at++
		return true
	}
	for {
		if c.space(); c.next() != '"' {
			return c.fail("found %s where the name of a field is wanted, in quotes", c.found())
		}
		if !c.str() {
			return false
		}
		if c.space(); c.next() != ':' {
			return c.fail(`found %s where ":" is wanted`, c.found())
		}
		c.at++
		if !c.value(depth + 1) {
			return false
		}
		if done, ok := c.separator('}'); done {
			return ok
		}
	}
}

func (c *checker) list(depth int) bool {
	if c.space(); c.next() == ']' {
		c.at++
		return true
	}
	for {
		if !c.value(depth + 1) {
			return false
		}
		if done, ok := c.separator(']'); done {
			return ok
		}
	}
}

// separator goes past a comma, after which there is more, or past the end of an object or list.
func (c *checker) separator(end byte) (done, ok bool) {
	c.space()
	switch c.next() {
	case ',':
		c.at++
		return false, true
	case end:
		c.at++
		return true, true
	}
	return true, c.fail(`found %s where "," or "%c" is wanted`, c.found(), end)
}

func (c *checker) str() bool {
	start := c.at
	for c.at++; c.at < len(c.text); c.at++ {
		switch b := c.text[c.at]; {
		case b == '"':
			c.at++
			return true
		case b < ' ':
			return c.fail(`a text has the control character %q: write \n for a new line, \t for a tab, \u%04x for this one`, b, b)
		case b == '\\':
			if !c.escape() {
				return false
			}
		}
	}
	c.at = start
	return c.fail("the text that begins here is not closed")
}

// escape goes to the last character of an escape sequence.
func (c *checker) escape() bool {
	rest := c.text[c.at+1:]
	switch {
	case rest != "" && strings.IndexByte(`"\/bfnrt`, rest[0]) >= 0:
		c.at++
		return true
	case len(rest) >= 5 && rest[0] == 'u' && strings.Trim(rest[1:5], "0123456789abcdefABCDEF") == "":
		c.at += 5
		return true
	}
	return c.fail(`a backslash stands before something else than " \ / b f n r t or u and four digits: write \\ for the character itself`)
}

func (c *checker) number() bool {
	end := numberEnd(c.text[c.at:])
	if end == 0 {
		return c.fail("found %s where a number is wanted: write digits before and after the point, as in -0.5e3, and no zeros in front", c.numberFound())
	}
	c.at += end
	return true
}

func (c *checker) numberFound() string {
	rest := c.text[c.at:]
	return quote(rest[:len(rest)-len(strings.TrimLeft(rest, "+-.0123456789eExX_"))])
}

// numberEnd returns the length of the JSON number that s begins with; 0 if it begins with none, or if the number goes
// on in a way that JSON has not.
func numberEnd(s string) int {
	at := 0
	if at < len(s) && s[at] == '-' {
		at++
	}
	whole := digits(s[at:])
	if whole == 0 || whole > 1 && s[at] == '0' {
		return 0
	}
	at += whole
	if at < len(s) && s[at] == '.' {
		n := digits(s[at+1:])
		if n == 0 {
			return 0
		}
		at += 1 + n
	}
	return at + exponent(s[at:])
}

// exponent returns the length of the exponent that s begins with, 0 if it begins with none.
func exponent(s string) int {
	if s == "" || s[0]|0x20 != 'e' {
		return 0
	}
	at := 1
	if at < len(s) && (s[at] == '-' || s[at] == '+') {
		at++
	}
	n := digits(s[at:])
	if n == 0 {
		return 0
	}
	return at + n
}

// digits returns how many digits s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}
