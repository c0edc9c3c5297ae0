package topology

import (
	"encoding/json"
	"iter"
	"strings"
)

// A node is a value in a JSON text that has been checked: a view of the text, which costs no memory of its own.
type node struct {
	text string // all of it
	at   int    // where the value begins
}

// kind returns the byte that tells what the value is: { [ " t f n, and 0 for a number.
func (n node) kind() byte {
	if c := n.text[n.at]; c != '-' && !isDigit(c) {
		return c
	}
	return '0'
}

// end returns where the value ends.
func (n node) end() int {
	switch n.kind() {
	case '"':
		return skipText(n.text, n.at)
	case '{', '[':
		return skipNested(n.text, n.at)
	}
	at := n.at
	for at < len(n.text) && strings.IndexByte(",]} \n\t\r", n.text[at]) < 0 {
		at++
	}
	return at
}

func skipText(text string, at int) int {
	for at++; text[at] != '"'; at++ {
		if text[at] == '\\' {
			at++
		}
	}
	return at + 1
}

func skipNested(text string, at int) int {
	for depth := 0; ; at++ {
		switch text[at] {
		case '"':
			at = skipText(text, at) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return at + 1
			}
		}
	}
}

// raw returns the value as written.
func (n node) raw() string { return n.text[n.at:n.end()] }

// str returns the text that a node of kind " stands for.
func (n node) str() string {
	raw := n.raw()
	if strings.IndexByte(raw, '\\') < 0 {
		return raw[1 : len(raw)-1]
	}
	var s string
	_ = json.Unmarshal([]byte(raw), &s) // it has been checked
	return s
}

// items yields what a list has; nothing if n is none.
func (n node) items() iter.Seq[node] {
	return func(yield func(node) bool) {
		if n.kind() != '[' {
			return
		}
		at := skipSpace(n.text, n.at+1)
		for n.text[at] != ']' {
			item := node{n.text, at}
			if !yield(item) {
				return
			}
			at = afterComma(n.text, item.end())
		}
	}
}

// members yields the names and values that an object has; nothing if n is none.
func (n node) members() iter.Seq2[node, node] {
	return func(yield func(node, node) bool) {
		if n.kind() != '{' {
			return
		}
		at := skipSpace(n.text, n.at+1)
		for n.text[at] != '}' {
			key := node{n.text, at}
			colon := skipSpace(n.text, key.end())
			value := node{n.text, skipSpace(n.text, colon+1)}
			if !yield(key, value) {
				return
			}
			at = afterComma(n.text, value.end())
		}
	}
}

// afterComma returns where the next item begins, or the end of the list.
func afterComma(text string, at int) int {
	at = skipSpace(text, at)
	if text[at] == ',' {
		at = skipSpace(text, at+1)
	}
	return at
}

// member returns the value of a name in an object, and whether there is one.
func (n node) member(name string) (node, bool) {
	for key, value := range n.members() {
		if key.str() == name {
			return value, true
		}
	}
	return n, false
}

// item returns an item of a list, and whether there is one.
func (n node) item(i int) (node, bool) {
	for item := range n.items() {
		if i == 0 {
			return item, true
		}
		i--
	}
	return n, false
}

// small reports whether a list or an object is so short that it can be read again and again.
func (n node) small() bool {
	const most = 4096
	depth, quoted := 0, false
	for at := n.at; at < n.at+most && at < len(n.text); at++ {
		switch c := n.text[at]; {
		case quoted && c == '\\':
			at++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
		if depth == 0 && !quoted {
			return true
		}
	}
	return false
}
