package prom

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// A parser reads one line of what an exporter says, or a selector as in a query.
type parser struct {
	text string
	at   int
}

// A match is what stands in braces: a label, =, and a value; in selectors also another operator.
type match struct{ label, operator, value string }

// line reads a whole line: a series, a value, and perhaps a time. What comes after " # " is an exemplar.
func (p *parser) line() (said, error) {
	if !utf8.ValidString(p.text) {
		return said{}, errors.New("the line is not valid UTF-8")
	}
	labels, err := p.labels()
	if err != nil {
		return said{}, err
	}
	line := said{labels: labels}
	text := p.word()
	if line.value, err = parseValue(text); err != nil {
		return said{}, fmt.Errorf("%s: want a value: a number, NaN, +Inf or -Inf", quote(text))
	}
	if p.blank(); p.next() != '#' {
		line.time = p.word()
	}
	if p.blank(); p.at < len(p.text) && p.next() != '#' {
		return said{}, fmt.Errorf("%s: want the end of the line", quote(p.text[p.at:]))
	}
	return line, nil
}

// labels reads a series whose labels all stand with =.
func (p *parser) labels() (map[string]string, error) {
	matches, err := p.matches()
	if err != nil {
		return nil, err
	}
	labels := make(map[string]string, len(matches))
	for _, m := range matches {
		if _, twice := labels[m.label]; twice {
			return nil, fmt.Errorf("the label %s stands twice", quote(m.label))
		}
		if m.operator != "=" {
			return nil, fmt.Errorf("%s: want = after a label", quote(m.operator))
		}
		labels[m.label] = m.value
	}
	if labels[nameLabel] == "" {
		return nil, errors.New("want the name of a metric")
	}
	return labels, nil
}

// matches reads name{label="value",…}; the name is a match of __name__. The name may also stand in the braces, in
// quotes.
func (p *parser) matches() ([]match, error) {
	var all []match
	if name := p.name(); name != "" {
		all = append(all, match{nameLabel, "=", name})
	}
	if p.blank(); p.next() != '{' {
		return all, nil
	}
	for p.at++; ; p.at++ {
		if p.blank(); p.next() == '}' {
			break
		}
		m, err := p.match()
		if err != nil {
			return nil, err
		}
		all = append(all, m)
		if p.blank(); p.next() == '}' {
			break
		}
		if p.next() != ',' {
			return nil, errors.New("want a comma or } after a label")
		}
	}
	p.at++
	return all, nil
}

func (p *parser) match() (m match, err error) {
	quoted := p.next() == '"'
	if quoted {
		m.label, err = p.quoted()
	} else if m.label = p.name(); m.label == "" {
		err = errors.New("want the name of a label")
	}
	if err != nil {
		return m, err
	}
	if p.blank(); quoted && (p.next() == ',' || p.next() == '}') {
		return match{nameLabel, "=", m.label}, nil
	}
	if m.operator = p.operator(); m.operator == "" {
		return m, errors.New("want = after a label")
	}
	p.blank()
	m.value, err = p.quoted()
	return m, err
}

func (p *parser) operator() string {
	for _, operator := range []string{"=~", "!=", "!~", "="} {
		if strings.HasPrefix(p.text[p.at:], operator) {
			p.at += len(operator)
			return operator
		}
	}
	return ""
}

// next returns the next byte; 0 at the end.
func (p *parser) next() byte {
	if p.at == len(p.text) {
		return 0
	}
	return p.text[p.at]
}

func (p *parser) blank() {
	for p.next() == ' ' || p.next() == '\t' {
		p.at++
	}
}

// name reads the name of a metric or a label.
func (p *parser) name() string {
	start := p.at
	for c := p.next(); c == '_' || c == ':' || 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' && p.at > start; c = p.next() {
		p.at++
	}
	return p.text[start:p.at]
}

// word reads up to a blank.
func (p *parser) word() string {
	p.blank()
	start := p.at
	for c := p.next(); c != 0 && c != ' ' && c != '\t'; c = p.next() {
		p.at++
	}
	return p.text[start:p.at]
}

// quoted reads a text in quotes, in which a backslash stands before a quote, a backslash, and the n of a new line.
func (p *parser) quoted() (string, error) {
	if p.next() != '"' {
		return "", errors.New("want a text in double quotes")
	}
	var b strings.Builder
	for p.at++; p.next() != '"'; p.at++ {
		c := p.next()
		if c == '\\' {
			p.at++
			if c = unescaped(p.next()); c == 0 {
				return "", errors.New(`after a backslash want ", n or another backslash`)
			}
		}
		if p.at >= len(p.text) {
			return "", errors.New("the text in quotes is not closed")
		}
		b.WriteByte(c)
	}
	p.at++
	return b.String(), nil
}

func unescaped(c byte) byte {
	switch c {
	case 'n':
		return '\n'
	case '"', '\\':
		return c
	}
	return 0
}
