package topology

import (
	"fmt"
	"strconv"
	"strings"
)

const (
	maxBrackets = 100     // of a pattern
	maxText     = 1 << 30 // bytes of all names of a pattern
)

// parsePattern reads a pattern, without "2 of" and label=value. It allocates in proportion to its length.
func parsePattern(s string) (pattern, error) {
	p, err := parse(s)
	if err != nil {
		return pattern{}, fmt.Errorf("%s: %w", quote(s), err)
	}
	if p.count() <= MaxComponents && p.size() > maxText {
		return pattern{}, fmt.Errorf("%s stands for more than 1 GiB of names: shorten it", quote(s))
	}
	return p, nil
}

func parse(s string) (p pattern, err error) {
	if s == "" {
		return p, fmt.Errorf("write a name")
	}
	if !strings.ContainsAny(s, `\[]{}`) {
		return pattern{texts: []string{s}}, nil
	}
	var text []byte
	for s != "" {
		switch c := s[0]; c {
		case '[':
			var b bracket
			if b, s, err = parseBracket(s[1:]); err != nil {
				return p, err
			}
			if len(p.brackets) == maxBrackets {
				return p, fmt.Errorf("at most %d brackets are allowed", maxBrackets)
			}
			p.texts, text = append(p.texts, string(text)), text[:0]
			p.brackets = append(p.brackets, b)
			continue
		case ']', '}':
			return p, fmt.Errorf(`%c closes nothing: write \%c if it belongs to the name`, c, c)
		case '{':
			return p, fmt.Errorf(`{ refers to a bracket or a label only in a component's lists and label values: write \{ if it belongs to the name`)
		}
		c, rest, err := literal(s)
		if err != nil {
			return p, err
		}
		text, s = append(text, c), rest
	}
	p.texts = append(p.texts, string(text))
	return p, nil
}

// literal returns the first byte of s, without a backslash before it.
func literal(s string) (c byte, rest string, err error) {
	if s[0] != '\\' {
		return s[0], s[1:], nil
	}
	if len(s) == 1 {
		return 0, "", fmt.Errorf(`a backslash at the end says nothing: write \\ for one that belongs to the name`)
	}
	return s[1], s[2:], nil
}

// parseBracket reads the items of a bracket up to its end, and returns what follows it.
func parseBracket(s string) (b bracket, rest string, err error) {
	var text []byte
	var dashes []int // that have no backslash, in text
	for s != "" {
		switch c := s[0]; c {
		case ',', ']':
			it, err := newItem(string(text), dashes)
			if err != nil {
				return b, "", err
			}
			b.add(it)
			if s = s[1:]; c == ']' {
				return b, s, nil
			}
			text, dashes = text[:0], dashes[:0]
			continue
		case '-':
			dashes = append(dashes, len(text))
		case '[', '{', '}':
			return b, "", fmt.Errorf(`%c inside a bracket: write \%c if it belongs to the name, and one bracket after the other`, c, c)
		}
		c, after, err := literal(s)
		if err != nil {
			return b, "", err
		}
		text, s = append(text, c), after
	}
	return b, "", fmt.Errorf("a bracket is not closed: write ] after its last item")
}

// newItem makes an item of a text with hyphens that could be those of a range.
func newItem(text string, dashes []int) (item, error) {
	if text == "" {
		return item{}, fmt.Errorf("a bracket has an empty item: write items with commas between them, as in [a,b,1-3]")
	}
	if len(dashes) == 0 {
		return item{text: text}, nil
	}
	low, high := text[:dashes[0]], text[dashes[0]+1:]
	switch {
	case len(dashes) == 1 && allDigits(low) && allDigits(high):
		return numbers(low, high)
	case len(dashes) == 1 && len(low) == 1 && len(high) == 1:
		return letters(low[0], high[0])
	case low == "" || high == "" || strings.Trim(text, "0123456789-") == "":
		return item{}, fmt.Errorf(`%s is no range: write both of its ends, as in [1-3], or \- for a hyphen that belongs to the name`, quote(text))
	}
	return item{text: text}, nil
}

func letters(low, high byte) (item, error) {
	if !isLetter(low) || !isLetter(high) || (low^high)&0x20 != 0 {
		return item{}, fmt.Errorf(`%c-%c is no range: it runs between two numbers or two letters of one case, as in [1-3] or [a-c]; write \- for a hyphen that belongs to the name`, low, high)
	}
	if low > high {
		return item{}, fmt.Errorf("%c-%c falls: write %c-%c", low, high, high, low)
	}
	return item{string(low), int(low), int(high)}, nil
}

func numbers(low, high string) (item, error) {
	if len(low) > 18 || len(high) > 18 {
		return item{}, fmt.Errorf("%s has more than 18 digits: shorten it", quote(low+"-"+high))
	}
	if len(low) != len(high) && (padded(low) || padded(high)) {
		width := max(len(low), len(high))
		return item{}, fmt.Errorf("%s-%s: pad both ends to the same width, as in %0*s-%0*s, or neither", low, high, width, low, width, high)
	}
	l, err := strconv.Atoi(low)
	if err != nil {
		return item{}, fmt.Errorf("%s is too large", low)
	}
	h, err := strconv.Atoi(high)
	if err != nil {
		return item{}, fmt.Errorf("%s is too large", high)
	}
	if l > h {
		return item{}, fmt.Errorf("%s-%s falls: write %s-%s", low, high, high, low)
	}
	return item{low, l, h}, nil
}

func padded(number string) bool { return number[0] == '0' && len(number) > 1 }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}
