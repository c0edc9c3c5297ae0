package topology

import (
	"strconv"
	"strings"
)

// Fold returns a short list of patterns for the names, in their order: what [Expand] makes of each of them, one after
// the other, is the names again.
//
// Names that follow one another and differ in one number become one pattern ("a-1", "a-2", "a-5": "a-[1-2,5]"), and so
// do patterns that then differ in one number or one single letter ("feed-[a,b]-[01-40]"). A backslash stands before
// what would mean something else in a pattern or in a line of them. Names are not empty. It takes time in proportion
// to the length of all names.
func Fold(names []string) Names {
	parts := make([]stretch, len(names))
	for i, name := range names {
		parts[i] = stretch{head: name, n: 1, longest: len(name)}
	}
	for before := -1; len(parts) != before; {
		before = len(parts)
		parts = foldOnce(parts)
	}
	var patterns Names
	for _, p := range parts {
		patterns = append(patterns, p.pattern())
	}
	return patterns
}

// A stretch is some of the names that follow one another: the text of head, then the pattern in tail, which begins with a
// bracket if there is one.
type stretch struct {
	head, tail string
	n, longest int // names, and bytes of the longest
}

func (p stretch) pattern() string {
	s := escape(p.head, false) + p.tail
	if k, _, err := splitOf(s); k > 0 || err != nil || strings.HasPrefix(s, `"`) {
		s = `\` + s
	}
	return s
}

// foldOnce makes one stretch of those that follow one another and differ in one place of their heads: a bracket there
// varies slower than those of the tail, which comes after it.
func foldOnce(parts []stretch) []stretch {
	var folded []stretch
	for len(parts) > 0 {
		f := fold{stretch: parts[0]}
		parts = parts[1:]
		for len(parts) > 0 && f.take(parts[0]) {
			parts = parts[1:]
		}
		folded = append(folded, f.join())
	}
	return folded
}

// A fold is a stretch under construction. From the second stretch on, start and end say where the heads differ.
type fold struct {
	stretch
	start, end int // in head; what follows end is common
	letter     bool
	choices    []string
}

// take adds a stretch to f, if it goes with those before it.
func (f *fold) take(p stretch) bool {
	n, longest := f.n+p.n, max(f.longest, p.longest)
	if p.tail != f.tail || n > MaxComponents || times(n, longest) > maxText {
		return false
	}
	if len(f.choices) == 0 && !f.open(p) {
		return false
	}
	choice, ok := f.choice(p.head)
	if !ok {
		return false
	}
	f.choices, f.n, f.longest = append(f.choices, choice), n, longest
	return true
}

// open finds the one number, or the one letter that stands alone, in which two heads differ.
func (f *fold) open(p stretch) bool {
	a, b := f.head, p.head
	if a == b {
		return false
	}
	start, tail := 0, 0
	for start < min(len(a), len(b)) && a[start] == b[start] {
		start++
	}
	for tail < min(len(a), len(b))-start && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	for start > 0 && isDigit(a[start-1]) {
		start--
	}
	for tail > 0 && isDigit(a[len(a)-tail]) {
		tail--
	}
	end := len(a) - tail
	f.letter = end-start == 1 && isLetter(a[start])
	if f.letter && (f.tail == "" || start > 0 && isLetter(a[start-1]) || tail > 0 && isLetter(a[end])) {
		return false
	}
	f.start, f.end = start, end
	choice, ok := f.choice(a)
	f.choices = append(f.choices, choice)
	if !ok || !f.fits(b) {
		f.choices = nil
		return false
	}
	return true
}

func (f *fold) fits(head string) bool {
	_, ok := f.choice(head)
	return ok
}

// choice returns what head has where the heads differ, and whether it has what they have in common.
func (f *fold) choice(head string) (string, bool) {
	before, after := f.head[:f.start], f.head[f.end:]
	if len(head) <= len(before)+len(after) || !strings.HasPrefix(head, before) || !strings.HasSuffix(head, after) {
		return "", false
	}
	s := head[len(before) : len(head)-len(after)]
	if f.letter {
		return s, len(s) == 1 && isLetter(s[0])
	}
	return s, allDigits(s)
}

func (f *fold) join() stretch {
	p := f.stretch
	if len(f.choices) > 0 {
		p.head = f.head[:f.start]
		p.tail = "[" + f.items() + "]" + escape(f.head[f.end:], false) + f.tail
	}
	return p
}

// items writes the choices, with ranges for two numbers or more, and for three letters or more.
func (f *fold) items() string {
	var b strings.Builder
	for rest := f.choices; len(rest) > 0; {
		run := 1
		for run < len(rest) && follows(rest[0], rest[run-1], rest[run]) {
			run++
		}
		if f.letter && run == 2 {
			run = 1
		}
		if b.Len() > 0 {
			b.WriteByte(',')
		}
		b.WriteString(rest[0])
		if run > 1 {
			b.WriteString("-" + rest[run-1])
		}
		rest = rest[run:]
	}
	return b.String()
}

// follows reports whether a range that begins with first and has come to last goes on with next.
func follows(first, last, next string) bool {
	if isLetter(first[0]) {
		return last[0]+1 == next[0] && isLetter(next[0])
	}
	if len(first) != len(next) && (padded(first) || padded(next)) || len(next) > 18 {
		return false
	}
	a, errA := strconv.Atoi(last)
	b, errB := strconv.Atoi(next)
	return errA == nil && errB == nil && a+1 == b
}
