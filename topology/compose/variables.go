package compose

import (
	"fmt"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// maxNesting is how deep variables may stand in the defaults of others.
const maxNesting = 50

// expand puts variables into a text, as Compose does: $NAME, ${NAME}, and in braces with :- or - a text to take if it
// is not set, :+ or + one to take if it is, :? or ? the message of an error if it is not. With the colon, a variable
// that is empty counts as not set. $$ is a dollar.
func (r *reading) expand(s string, w where) string {
	if !strings.Contains(s, "$") {
		return s
	}
	room := func(n int) bool { return r.take(&r.bytes, n, w, "text in variables") }
	e := expander{lookup: r.lookup, unset: r.unset.add, room: room}
	s = e.expand(s, 0)
	if e.err != nil {
		r.fault(w, e.reason, "%v", e.err)
	}
	return s
}

// An expander puts variables into one text.
type expander struct {
	lookup func(name string) (string, bool)
	unset  func(name string)
	room   func(bytes int) bool
	err    error // the first
	reason topology.Reason
}

func (e *expander) fail(reason topology.Reason, format string, args ...any) {
	if e.err == nil {
		e.reason, e.err = reason, fmt.Errorf(format, args...)
	}
}

func (e *expander) expand(s string, depth int) string {
	if depth > maxNesting {
		e.fail(topology.BadSyntax, "variables stand in each other more than %d levels deep", maxNesting)
		return ""
	}
	var b strings.Builder
	for e.err == nil {
		before, rest, found := strings.Cut(s, "$")
		b.WriteString(before)
		if !found {
			break
		}
		var got string
		got, s = e.variable(rest, depth)
		if !e.room(len(got)) {
			break
		}
		b.WriteString(got)
	}
	return b.String()
}

// variable returns what stands for a variable behind a dollar, and the text behind it.
func (e *expander) variable(s string, depth int) (got, rest string) {
	if strings.HasPrefix(s, "$") {
		return "$", s[1:]
	}
	if !strings.HasPrefix(s, "{") {
		n := nameLen(s)
		if n == 0 {
			return "$", s // a dollar that begins nothing
		}
		return e.plain(s[:n]), s[n:]
	}
	end := closing(s)
	n := nameLen(s[1:])
	if end < 0 || n == 0 {
		e.fail(topology.BadSyntax, "$%s is no variable: write ${NAME}, ${NAME:-default}, or $$ for a dollar", short(s))
		return "", ""
	}
	return e.braced(s[1:1+n], s[1+n:end], depth), s[end+1:]
}

func (e *expander) plain(name string) string {
	value, ok := e.lookup(name)
	if !ok {
		e.unset(name)
	}
	return value
}

// braced returns what stands for a variable with an operator.
func (e *expander) braced(name, operator string, depth int) string {
	if operator == "" {
		return e.plain(name)
	}
	value, ok := e.lookup(name)
	word, colon := strings.CutPrefix(operator, ":")
	ok = ok && (!colon || value != "")
	sign, word := word[:min(1, len(word))], word[min(1, len(word)):]
	switch {
	case sign == "-" && !ok, sign == "+" && ok:
		return e.expand(word, depth+1)
	case sign == "-", sign == "?" && ok:
		return value
	case sign == "+":
		return ""
	case sign == "?":
		e.fail(topology.NotFound, "the variable %s must be set: %s", name, short(e.expand(word, depth+1)))
		return ""
	}
	e.fail(topology.BadSyntax, "${%s%s} is no variable: behind the name stands one of :- - :+ + :? ?", name, short(operator))
	return ""
}

// nameLen returns the length of the name that a text begins with.
func nameLen(s string) int {
	for i, c := range []byte(s) {
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return i
		}
	}
	return len(s)
}

// closing returns where the brace that a text begins with closes; -1 if it does not.
func closing(s string) int {
	depth := 0
	for i, c := range []byte(s) {
		switch c {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// short returns a text, or its beginning if it is long.
func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
