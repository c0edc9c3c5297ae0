package topology

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxQuote is how many bytes of what was written stand in a fault.
const maxQuote = 60

// quote returns s in quotes, cut where it is long, on one line.
func quote(s string) string {
	s = short(s)
	if strings.ContainsFunc(s, unicode.IsControl) {
		return strconv.Quote(s)
	}
	return `"` + s + `"`
}

// short returns s, cut where it is long.
func short(s string) string {
	if len(s) <= maxQuote {
		return s
	}
	cut := maxQuote
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// splitOf splits "2 of etcd-[1-3]" into 2 and the pattern. Without a number k is 0, which stands for all.
func splitOf(need string) (k int, rest string, err error) {
	digits := 0
	for digits < len(need) && isDigit(need[digits]) {
		digits++
	}
	after := strings.TrimLeft(need[digits:], " ")
	if digits == 0 || after == need[digits:] || !strings.HasPrefix(after, "of ") {
		return 0, need, nil
	}
	rest = strings.TrimLeft(after[len("of "):], " ")
	k, err = strconv.Atoi(need[:digits])
	if err != nil {
		return 0, rest, fmt.Errorf("%s asks for more than a fleet can have", quote(need))
	}
	if k == 0 {
		return 0, rest, fmt.Errorf("%s asks for nothing: write a number from 1, or leave it out", quote(need))
	}
	return k, rest, nil
}

// splitLabel splits label=value at the first = that has no backslash, and takes the backslashes out of both.
func splitLabel(s string) (key, value string, ok bool) {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '=':
			return unescape(s[:i]), unescape(s[i+1:]), true
		}
	}
	return "", "", false
}

// unescape takes out the backslashes that make the next character an ordinary one.
func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// hasTemplate reports whether s contains a { that has no backslash.
func hasTemplate(s string) bool {
	if strings.IndexByte(s, '{') < 0 {
		return false
	}
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '{':
			return true
		}
	}
	return false
}

// substitute replaces {1} by what the first bracket became, and {zone} by the value of the label zone. What it puts in
// is literal: it gets backslashes where a pattern would take it for something else.
func substitute(s string, brackets []string, labels map[string]string) (string, error) {
	var b strings.Builder
	inside := false // a bracket
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			b.WriteByte('\\')
			if i++; i < len(s) {
				b.WriteByte(s[i])
			}
			continue
		case '{':
			length := strings.IndexByte(s[i:], '}')
			if length < 0 {
				return "", fmt.Errorf(`%s: { is not closed: write } after the name, or \{ for the character itself`, quote(s))
			}
			value, err := lookUp(s[i+1:i+length], brackets, labels)
			if err != nil {
				return "", err
			}
			b.WriteString(escape(value, inside))
			i += length
			continue
		case '[', ']':
			inside = s[i] == '['
		}
		b.WriteByte(s[i])
	}
	return b.String(), nil
}

// references returns what stands in s between { and }.
func references(s string) (names []string) {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '{':
			if length := strings.IndexByte(s[i:], '}'); length > 0 {
				names = append(names, s[i+1:i+length])
				i += length
			}
		}
	}
	return names
}

// bracketNumber returns the bracket that {name} stands for, from 1; 0 if it can be no bracket.
func bracketNumber(name string) int {
	if !allDigits(name) {
		return 0
	}
	i, err := strconv.Atoi(name)
	if err != nil {
		return 0
	}
	return i
}

func lookUp(name string, brackets []string, labels map[string]string) (string, error) {
	if i := bracketNumber(name); 1 <= i && i <= len(brackets) {
		return brackets[i-1], nil
	}
	if allDigits(name) {
		return "", fmt.Errorf("there is no {%s}: the name has %s", name, count(len(brackets), "bracket"))
	}
	if value, ok := labels[name]; ok {
		return value, nil
	}
	if len(labels) == 0 {
		return "", fmt.Errorf("there is no {%s}: write {1} for the name's first bracket; there are no labels here", name)
	}
	return "", fmt.Errorf("there is no {%s}: the labels are %s", name, strings.Join(slices.Sorted(maps.Keys(labels)), ", "))
}

// escape puts a backslash before what a pattern would take for something else, inside a bracket or outside, and what
// would join or separate patterns in a line of text.
func escape(s string, inside bool) string {
	if !strings.ContainsAny(s, `\[]{}=;+,-`) {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		if special(s, i) || inside && (s[i] == ',' || s[i] == '-') {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func special(s string, i int) bool {
	switch s[i] {
	case '\\', '[', ']', '{', '}', '=', ';':
		return true
	case '+':
		return (i == 0 || s[i-1] == ' ') && (i == len(s)-1 || s[i+1] == ' ')
	}
	return false
}
