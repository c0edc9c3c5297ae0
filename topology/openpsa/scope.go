package openpsa

import "strings"

// A scope is a container of declarations: a fault tree, a component in one, or the whole model.
type scope struct {
	outer      *scope // nil for the model
	path       string // names of the containers with dots between; "" for the model
	private    bool   // so is what does not say otherwise
	attributes map[string]string
	own        map[key]*item
	inner      map[string]*scope
}

// A key is what an item is found by. Parameters may have the names of events.
type key struct {
	parameter bool
	name      string
}

func newScope(outer *scope, path string) *scope {
	return &scope{outer: outer, path: path, own: map[key]*item{}, inner: map[string]*scope{}}
}

// full returns the path of what has a name in s.
func (s *scope) full(name string) string {
	if s.path == "" {
		return name
	}
	return s.path + "." + name
}

// find returns what a name or path means within s; nil if there is none.
func (s *scope) find(k key) *item {
	for {
		if i := s.own[k]; i != nil {
			return i
		}
		head, rest, ok := strings.Cut(k.name, ".")
		if !ok || s.inner[head] == nil {
			return nil
		}
		s, k.name = s.inner[head], rest
	}
}

// resolve returns what a reference in s means: what the innermost container around it knows by this name or path or,
// where none does, what is public.
func (r *reader) resolve(s *scope, k key) *item {
	for ; s != nil; s = s.outer {
		if i := s.find(k); i != nil {
			return i
		}
	}
	return r.public[k]
}
