package prom

import (
	"errors"
	"fmt"
	"regexp"
)

// A selector says which series a rule is for; without matchers, all.
type selector []matcher

type matcher struct {
	match
	whole *regexp.Regexp // of =~ and !~
}

func parseSelector(text string) (selector, error) {
	p := &parser{text: text}
	matches, err := p.matches()
	if p.blank(); err == nil && p.at < len(text) {
		err = fmt.Errorf("%s: want a selector and nothing after it", quote(text[p.at:]))
	}
	if err == nil && len(matches) == 0 && text != "" {
		err = errors.New(`want a name, or a selector as up{job="web"}`)
	}
	if err != nil {
		return nil, err
	}
	all := make(selector, len(matches))
	for i, m := range matches {
		all[i].match = m
		if m.operator[len(m.operator)-1] != '~' {
			continue
		}
		if all[i].whole, err = regexp.Compile("^(?s:" + m.value + ")$"); err != nil {
			return nil, fmt.Errorf("%s: %w", quote(m.value), err)
		}
	}
	return all, nil
}

// selects reports whether a series matches; a label that it does not have is empty, as in Prometheus.
func (s selector) selects(labels map[string]string) bool {
	for _, m := range s {
		value := labels[m.label]
		equal := value == m.value
		if m.whole != nil {
			equal = m.whole.MatchString(value)
		}
		if equal == (m.operator[0] == '!') {
			return false
		}
	}
	return true
}
