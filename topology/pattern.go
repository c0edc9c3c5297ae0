package topology

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Expand returns the names of a pattern, in the order written, doubled ones included.
//
// A pattern is a name in which a bracket stands for a choice: a list of items, each of them a range of numbers
// ("1-30"; "001-030" if the names are padded with zeros), a range of letters of one case ("a-c"), or a text that
// stands for itself ("eu-west"). Several brackets multiply, the last varying fastest: "feed-[a,b]-[1-2]" is feed-a-1,
// feed-a-2, feed-b-1, feed-b-2. A backslash makes the next character an ordinary one; the characters \ [ ] { } need
// one everywhere, a comma and a hyphen where a bracket would take them for its own.
//
// The error says what is wrong and what would be right: a range that falls, ends of different widths, an empty item, a
// bracket that is open or inside another, more than 18 digits, more than 100 brackets, more than [MaxComponents] names
// or 1 GiB of them. Nothing is allocated for names before that is known.
func Expand(pattern string) ([]string, error) {
	p, err := parsePattern(pattern)
	if err != nil {
		return nil, err
	}
	if n := p.count(); n > MaxComponents {
		return nil, fmt.Errorf("%s stands for %s names: at most %d are allowed", quote(pattern), saturated(n), MaxComponents)
	}
	names := make([]string, 0, p.count())
	p.each(func(name []byte) bool {
		names = append(names, string(name))
		return true
	})
	return names, nil
}

func saturated(n int) string {
	if n == math.MaxInt {
		return "far too many"
	}
	return strconv.Itoa(n)
}

// A pattern is read text: texts[0] brackets[0] texts[1] … and a last text.
type pattern struct {
	texts    []string
	brackets []bracket
}

// A bracket is a choice.
type bracket struct {
	items []item
	ends  []int // by item: the choices up to its last; math.MaxInt also stands for more
}

func (b *bracket) add(it item) {
	b.items = append(b.items, it)
	b.ends = append(b.ends, plus(b.choices(), plus(it.high-it.low, 1)))
}

func (b bracket) choices() int {
	if len(b.ends) == 0 {
		return 0
	}
	return b.ends[len(b.ends)-1]
}

// choice returns what the bracket becomes as its i-th choice, from 0.
func (b bracket) choice(i int) string {
	in, _ := slices.BinarySearch(b.ends, i+1)
	it := b.items[in]
	return string(it.append(nil, it.high-(b.ends[in]-1-i)))
}

// An item of a bracket is a text, or the range that begins with it: of letters, or of numbers from low to high.
type item struct {
	text      string
	low, high int // equal for a text
}

// count returns how many names p stands for; math.MaxInt also stands for more.
func (p pattern) count() int {
	n := 1
	for _, b := range p.brackets {
		n = times(n, b.choices())
	}
	return n
}

// size returns the most bytes that the names of p have together; math.MaxInt also stands for more.
func (p pattern) size() int {
	longest := 0
	for _, text := range p.texts {
		longest += len(text)
	}
	for _, b := range p.brackets {
		widest := 0
		for _, it := range b.items {
			widest = max(widest, it.width())
		}
		longest += widest
	}
	return times(p.count(), longest)
}

func (it item) width() int {
	if it.high == it.low || isLetter(it.text[0]) {
		return len(it.text)
	}
	return max(len(it.text), len(strconv.Itoa(it.high)))
}

func plus(a, b int) int {
	if a > math.MaxInt-b {
		return math.MaxInt
	}
	return a + b
}

func times(a, b int) int {
	if a > 0 && b > math.MaxInt/a {
		return math.MaxInt
	}
	return a * b
}

// each yields the names in order, in a slice that is used again for the next one.
func (p pattern) each(yield func(name []byte) bool) {
	w := walk{pattern: p, yield: yield}
	w.from(0)
}

type walk struct {
	pattern
	yield func([]byte) bool
	name  []byte
}

// from writes what begins with text i in every way; it reports whether to go on.
func (w *walk) from(i int) bool {
	w.name = append(w.name, w.texts[i]...)
	if i == len(w.brackets) {
		return w.yield(w.name)
	}
	start := len(w.name)
	for _, it := range w.brackets[i].items {
		for v := it.low; v <= it.high; v++ {
			w.name = it.append(w.name[:start], v)
			if !w.from(i + 1) {
				return false
			}
		}
	}
	return true
}

// became returns what each bracket is in the name that each yields as the nth, from 0.
func (p pattern) became(nth int) []string {
	became := make([]string, len(p.brackets))
	for i, b := range slices.Backward(p.brackets) {
		became[i] = b.choice(nth % b.choices())
		nth /= b.choices()
	}
	return became
}

// ways returns in how many ways the marked brackets can become something.
func (p pattern) ways(marked []bool) int {
	n := 1
	for i, b := range p.brackets {
		if marked[i] {
			n = times(n, b.choices())
		}
	}
	return n
}

// steady returns how many names follow one another, from the first on, in which the marked brackets are the same:
// as many as there can be, if none is marked.
func (p pattern) steady(marked []bool) int {
	if !slices.Contains(marked, true) {
		return MaxComponents
	}
	n := 1
	for i, b := range slices.Backward(p.brackets) {
		if marked[i] {
			break
		}
		n = times(n, b.choices())
	}
	return n
}

// way numbers, from 0, what the marked brackets are in the nth name.
func (p pattern) way(nth int, marked []bool) int {
	way, unit := 0, 1
	for i, b := range slices.Backward(p.brackets) {
		n := b.choices()
		if marked[i] {
			way += nth % n * unit
			unit *= n
		}
		nth /= n
	}
	return way
}

// append writes the value v of an item, padded as its text is.
func (it item) append(name []byte, v int) []byte {
	switch {
	case it.low == it.high:
		return append(name, it.text...)
	case it.text[0] > '9':
		return append(name, byte(v))
	case it.text[0] != '0' || len(it.text) == 1:
		return strconv.AppendInt(name, int64(v), 10)
	}
	start := len(name)
	name = append(name, it.text...)
	for i := len(name) - 1; i >= start; i, v = i-1, v/10 {
		name[i] = byte('0' + v%10)
	}
	return name
}
