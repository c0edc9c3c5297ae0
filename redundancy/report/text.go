package report

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// short cuts a text to so many characters.
func short(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}

// printable makes every character of a text visible: names may have any.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < ' ':
			return '␀' + r
		case r == 0x7f:
			return '␡'
		case !unicode.IsGraphic(r):
			return utf8.RuneError
		}
		return r
	}, text) // which makes of each byte that is no UTF-8 a RuneError
}

// painted reports whether a class has a colour: without an outcome, being up is nothing to be told.
func (d *diagram) painted(c class) bool { return d.told || c != isUp }

// legend returns the colours and the sorts of links that occur.
func (d *diagram) legend() (colours []class, sorts []line) {
	var class [classes]bool
	var sort [lines]bool
	for _, n := range d.nodes {
		class[n.class] = true
	}
	for _, e := range d.edges {
		sort[e.line] = true
	}
	for c := range classes {
		if class[c] && d.painted(c) {
			colours = append(colours, c)
		}
	}
	for l := range lines {
		if sort[l] {
			sorts = append(sorts, l)
		}
	}
	return colours, sorts
}
