package topology

import "unicode/utf8"

// source is where a spec was read from, so that faults found later can name the place.
type source struct {
	file  string
	text  string
	units bool // some supply's number was written with a unit

	// What makes many places fast to find; made when the first is asked for.
	marks   []mark                 // of every 1024th byte
	lists   map[int][]int          // by where a large list begins: where its items do
	objects map[int]map[string]int // by where a large object begins: where its values do
}

// A mark is the place of a byte, or of the character that it belongs to.
type mark struct{ line, column int }

const markEvery = 1024

// place returns the line and column of the value that is reached from the root by names (string) and numbers (int), as
// in "components", 3, "supplies", 0, "need": those of the last value on the way that exists. 0, 0 if s is nil.
func (s *source) place(way ...any) (line, column int) {
	if s == nil || s.text == "" {
		return 0, 0
	}
	n, _ := s.find(way)
	return s.placeOf(n.at)
}

// unit returns the unit that was written with the number at that place; "" if there is none.
func (s *source) unit(way ...any) string {
	if s == nil || !s.units {
		return ""
	}
	n, ok := s.find(way)
	if !ok || n.kind() != '"' {
		return ""
	}
	q, _ := readQuantity(n.str())
	return q.unit
}

// find returns the value that is reached by way, and whether all of the way exists.
func (s *source) find(way []any) (node, bool) {
	n, ok := node{s.text, skipSpace(s.text, 0)}, true
	for _, step := range way {
		switch step := step.(type) {
		case string:
			n, ok = s.member(n, step)
		case int:
			n, ok = s.item(n, step)
		}
		if !ok {
			return n, false
		}
	}
	return n, true
}

// item is [node.item] with a memory.
func (s *source) item(n node, i int) (node, bool) {
	starts, ok := s.lists[n.at]
	if !ok && n.small() {
		return n.item(i)
	}
	if !ok {
		for item := range n.items() {
			starts = append(starts, item.at)
		}
		if s.lists == nil {
			s.lists = map[int][]int{}
		}
		s.lists[n.at] = starts
	}
	if i < 0 || i >= len(starts) {
		return n, false
	}
	return node{s.text, starts[i]}, true
}

// member is [node.member] with a memory.
func (s *source) member(n node, name string) (node, bool) {
	starts, ok := s.objects[n.at]
	if !ok && n.small() {
		return n.member(name)
	}
	if !ok {
		starts = map[string]int{}
		for key, value := range n.members() {
			if _, twice := starts[key.str()]; !twice {
				starts[key.str()] = value.at
			}
		}
		if s.objects == nil {
			s.objects = map[int]map[string]int{}
		}
		s.objects[n.at] = starts
	}
	at, ok := starts[name]
	if !ok {
		return n, false
	}
	return node{s.text, at}, true
}

// placeOf returns the line and column of a byte, in characters from 1.
func (s *source) placeOf(at int) (line, column int) {
	if s.marks == nil {
		s.mark()
	}
	i := min(at/markEvery, len(s.marks)-1)
	m := s.marks[i].over(s.text[i*markEvery : at])
	return m.line, m.column
}

func (s *source) mark() {
	s.marks = append(s.marks, mark{1, 1})
	for at := 0; at+markEvery <= len(s.text); at += markEvery {
		last := s.marks[len(s.marks)-1]
		s.marks = append(s.marks, last.over(s.text[at:at+markEvery]))
	}
}

// over returns the place after some more text.
func (m mark) over(text string) mark {
	for i := range len(text) {
		switch {
		case text[i] == '\n':
			m.line, m.column = m.line+1, 1
		case utf8.RuneStart(text[i]):
			m.column++
		}
	}
	return m
}
