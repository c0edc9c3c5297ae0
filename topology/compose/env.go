package compose

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// ReadEnv reads the variables of an .env file: lines of NAME=value (or NAME: value), with or without export before
// them, blank lines and comments behind #. Values may stand in quotes, and so go over several lines; but for single
// quotes, variables that stand above are put in ($NAME, ${NAME:-default}), as empty if they do not. A later line of a
// name counts.
//
// An error of r is returned as it is. Any other is a [topology.Faults] with the lines.
func ReadEnv(r io.Reader) (map[string]string, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, err
	}
	variables, faults := parseEnv(text, nil)
	if faults != nil {
		return nil, faults
	}
	env := make(map[string]string, len(variables))
	for _, v := range variables {
		env[v.name] = v.value
	}
	return env, nil
}

// A variable is a line of an env file.
type variable struct{ name, value string }

// An envParser reads an env file.
type envParser struct {
	rest   string
	line   int
	left   int // bytes that values may still have
	known  map[string]string
	all    []variable
	faults topology.Faults
}

// parseEnv returns the variables of an env file in its order. Those of outside count more than those of the file.
func parseEnv(text []byte, outside map[string]string) ([]variable, topology.Faults) {
	p := &envParser{rest: strings.TrimPrefix(string(text), "\ufeff"), line: 1, left: 2 * maxBytes, known: map[string]string{}}
	if len(text) > maxBytes {
		p.fault(topology.TooLarge, "more than %d MiB: no env file is that large", maxBytes>>20)
		return nil, p.faults
	}
	lookup := func(name string) (string, bool) {
		if value, ok := outside[name]; ok {
			return value, true
		}
		value, ok := p.known[name]
		return value, ok
	}
	for p.rest != "" && len(p.faults) < maxFaults && p.left >= 0 {
		p.statement(lookup)
	}
	return p.all, p.faults
}

func (p *envParser) fault(reason topology.Reason, format string, args ...any) {
	p.faults = append(p.faults, topology.Fault{Line: p.line, Column: 1, Reason: reason, Text: fmt.Sprintf(format, args...)})
}

// statement reads one line, or several if its value goes over them.
func (p *envParser) statement(lookup func(string) (string, bool)) {
	line, _, _ := strings.Cut(p.rest, "\n")
	trimmed := strings.TrimSpace(line)
	if trimmed == "" || trimmed[0] == '#' {
		p.next(len(line))
		return
	}
	if after, ok := strings.CutPrefix(trimmed, "export"); ok && strings.TrimLeft(after, " \t") != after {
		trimmed = strings.TrimSpace(after)
	}
	end := strings.IndexAny(trimmed, "=:")
	name := trimmed
	if end >= 0 {
		name = strings.TrimSpace(trimmed[:end])
	}
	if !envName(name) {
		p.fault(topology.BadSyntax, "%s is no variable: write NAME=value", strconv.Quote(short(trimmed)))
		p.next(len(line))
		return
	}
	if end < 0 { // the value is the one outside
		if value, ok := lookup(name); ok {
			p.add(name, value)
		}
		p.next(len(line))
		return
	}
	p.rest = p.rest[strings.IndexAny(p.rest, "=:")+1:]
	p.value(name, lookup)
}

// next goes to the line behind n bytes.
func (p *envParser) next(n int) {
	p.rest = p.rest[min(n+1, len(p.rest)):]
	p.line++
}

func (p *envParser) add(name, value string) {
	if p.left -= len(value); p.left < 0 {
		p.fault(topology.TooLarge, "with this, the values are longer than %d MiB", 2*maxBytes>>20)
		return
	}
	p.known[name] = value
	p.all = append(p.all, variable{name, value})
}

func envName(name string) bool {
	for _, c := range []byte(name) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("_.-[]", c) >= 0:
		default:
			return false
		}
	}
	return name != ""
}

// value reads what stands behind a name.
func (p *envParser) value(name string, lookup func(string) (string, bool)) {
	line, _, _ := strings.Cut(p.rest, "\n")
	text := strings.TrimSpace(line)
	lines, quote := 0, byte(0)
	if text != "" && (text[0] == '"' || text[0] == '\'') {
		quote = text[0]
		p.rest = p.rest[strings.IndexByte(p.rest, quote)+1:]
		end := closingQuote(p.rest, quote)
		if end < 0 {
			p.fault(topology.BadSyntax, "%s: the quote is not closed", name)
			p.rest = ""
			return
		}
		text, lines = p.rest[:end], strings.Count(p.rest[:end], "\n")
		behind, _, _ := strings.Cut(p.rest[end+1:], "\n")
		line = p.rest[:end+1+len(behind)]
		text = unquoted(text, quote)
	} else if before, _, ok := strings.Cut(" "+text, " #"); ok {
		text = strings.TrimSpace(before)
	}
	if quote != '\'' {
		text = p.expand(name, text, lookup)
	}
	p.add(name, text)
	p.line += lines
	p.next(len(line))
}

func (p *envParser) expand(name, text string, lookup func(string) (string, bool)) string {
	e := expander{lookup: lookup, unset: func(string) {}}
	e.room = func(n int) bool {
		if p.left -= n; p.left < 0 {
			e.fail(topology.TooLarge, "with this, the values are longer than %d MiB", 2*maxBytes>>20)
		}
		return p.left >= 0
	}
	text = e.expand(text, 0)
	if e.err != nil {
		p.fault(e.reason, "%s: %v", name, e.err)
	}
	return text
}

// closingQuote returns where a quoted text ends; -1 if it does not. A backslash before a quote makes it part of the
// text.
func closingQuote(s string, quote byte) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == quote:
			return i
		}
	}
	return -1
}

// unquoted puts in what backslashes stand for: in single quotes only a quote.
func unquoted(s string, quote byte) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	pairs := []string{`\'`, `'`}
	if quote == '"' {
		pairs = []string{`\"`, `"`, `\\`, `\`, `\n`, "\n", `\r`, "\r", `\t`, "\t", `\$`, "$$"}
	}
	return strings.NewReplacer(pairs...).Replace(s)
}
