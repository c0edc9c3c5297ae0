package prom

import (
	"errors"
	"fmt"
	"strings"
)

// A template makes the name of a component from labels: text, and labels in braces.
type template []piece

// A piece is a text or, if it has a label, the value of that, without the shortest end that matches the cut.
type piece struct{ text, label, cut string }

func parseTemplate(text string) (template, error) {
	var all template
	var literal strings.Builder
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			if i++; i == len(text) {
				return nil, errors.New("a backslash at the end: it makes the next character an ordinary one")
			}
		case '{':
			length := strings.IndexByte(text[i:], '}')
			label, end, _ := strings.Cut(text[i+1:i+max(1, length)], "%")
			if length < 0 || label == "" {
				return nil, fmt.Errorf("%s: want a label and } after {", quote(text[i:]))
			}
			all = append(all, piece{text: literal.String()}, piece{label: label, cut: end})
			literal.Reset()
			i += length
			continue
		}
		literal.WriteByte(text[i])
	}
	all = append(all, piece{text: literal.String()})
	if text == "" {
		return nil, errors.New(`want the name of a component, as "{namespace}/{pod}"`)
	}
	return all, nil
}

// maxPart is how long a value may be to be part of a component's name.
const maxPart = 1000

// fill returns the name for a series; false if it lacks a label, or has one that is no name.
func (t template) fill(labels map[string]string) (string, bool) {
	var b strings.Builder
	for _, p := range t {
		if p.label == "" {
			b.WriteString(p.text)
			continue
		}
		value := labels[p.label]
		if value == "" || len(value) > maxPart {
			return "", false
		}
		b.WriteString(without(value, p.cut))
	}
	return b.String(), true
}

// without returns a value without its shortest end that matches, as ${value%end} in a shell, where * is any text.
func without(value, end string) string {
	for i := len(value); i >= 0; i-- {
		if matches(end, value[i:]) {
			return value[:i]
		}
	}
	return value
}

// matches reports whether all of a text matches a pattern in which * is any text.
func matches(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	text, ok := strings.CutPrefix(text, parts[0])
	if !ok || len(parts) == 1 {
		return ok && text == ""
	}
	last := parts[len(parts)-1]
	for _, part := range parts[1 : len(parts)-1] {
		if _, text, ok = strings.Cut(text, part); !ok {
			return false
		}
	}
	return strings.HasSuffix(text, last)
}
