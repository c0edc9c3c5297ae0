package topology

import (
	"fmt"
	"strings"
)

// A resolver finds the components that a pattern names.
type resolver struct {
	t     *Topology
	found map[string][]ID // what was found before; nil to keep nothing
}

// resolve returns the components of a pattern, each once, or what is wrong with it.
func (r *resolver) resolve(pattern string) ([]ID, *Fault) {
	if ids, ok := r.found[pattern]; ok {
		return ids, nil
	}
	ids, fault := r.search(pattern)
	if fault == nil && r.found != nil {
		r.found[pattern] = ids
	}
	return ids, fault
}

func (r *resolver) search(pattern string) ([]ID, *Fault) {
	if key, value, ok := splitLabel(pattern); ok {
		if ids := r.t.byTag[tag{key, value}]; len(ids) > 0 {
			return ids, nil
		}
		return nil, &Fault{Reason: NotFound, Text: fmt.Sprintf("no component has the label %s=%s", key, value)}
	}
	p, err := parsePattern(pattern)
	if err != nil {
		return nil, &Fault{Reason: BadSyntax, Text: err.Error()}
	}
	if p.count() > r.t.Len() {
		return nil, &Fault{Reason: NotFound, Text: fmt.Sprintf("%q stands for %d names; the fleet has %d components", pattern, p.count(), r.t.Len())}
	}
	return r.expand(pattern, p)
}

func (r *resolver) expand(pattern string, p pattern) (ids []ID, fault *Fault) {
	p.each(func(name []byte) bool {
		if id, ok := r.t.names.find(string(name)); ok {
			ids = append(ids, id)
			return true
		}
		if kind := r.t.byKind[string(name)]; len(kind) > 0 && len(name) > 0 {
			if p.count() == 1 {
				ids = kind // shared, not copied
			} else {
				ids = append(ids, kind...)
			}
			return true
		}
		fault = &Fault{Reason: NotFound, Text: r.unknown(pattern, string(name))}
		return false
	})
	if fault != nil {
		return nil, fault
	}
	if p.count() > 1 {
		ids, _ = distinct(ids)
	}
	return ids, nil
}

func (r *resolver) unknown(pattern, name string) string {
	text := fmt.Sprintf("no component and no kind is named %q", name)
	if pattern != name {
		text += fmt.Sprintf(" (of %q)", pattern)
	}
	if near := r.near(name); near != "" {
		text += fmt.Sprintf("; did you mean %q?", near)
	}
	return text
}

// near returns the first name or kind that differs from name by little; "" if none does.
func (r *resolver) near(name string) string {
	for _, kind := range r.t.kinds {
		if kind != "" && similar(kind, name) {
			return kind
		}
	}
	for id := range ID(min(r.t.Len(), 10_000)) {
		if known := r.t.Name(id); similar(known, name) {
			return known
		}
	}
	return ""
}

// similar reports whether two names are the same but for case or one character added, left out or changed.
func similar(a, b string) bool {
	if strings.EqualFold(a, b) {
		return true
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 || len(b) < 3 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i < len(a) && a[i+1:] == b[i+1:]
	}
	return a[i:] == b[i+1:]
}
