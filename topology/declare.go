package topology

import (
	"errors"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// declare gives every component its name and ID.
func (b *builder) declare() {
	b.checkKinds()
	if b.before != nil && !b.before.begins(b.t.spec) {
		b.before = nil
	}
	b.makeRoom()
	for i := range b.t.spec.Components {
		b.declareOne(i)
	}
	b.checkNames()
}

// begins reports whether a spec begins with the names of t, as they are written.
func (t *Topology) begins(spec Spec) bool {
	n := len(t.spec.Components)
	return n <= len(spec.Components) && slices.EqualFunc(t.spec.Components, spec.Components[:n], func(a, b Component) bool { return a.Name == b.Name })
}

// makeRoom allocates once what declare fills, and begins with the names that are known.
func (b *builder) makeRoom() {
	t, n, bytes := b.t, 0, 0
	ofKind := map[string]int{}
	for i := range t.spec.Components {
		c := &t.spec.Components[i]
		p, err := parsePattern(c.Name)
		if more := p.count(); err == nil && more <= MaxComponents-n { // else it is a fault, and makes no components
			n += more
			bytes = min(plus(bytes, p.size()), maxText)
			ofKind[c.Kind] += more
		}
	}
	t.declared, t.nth = make([]int32, 0, n), make([]int32, 0, n)
	if b.before == nil {
		t.names = makeNames(n)
		t.names.text.Grow(bytes)
	} else {
		t.names.begin(&b.before.names, n, bytes)
		t.declared, t.nth = append(t.declared, b.before.declared...), append(t.nth, b.before.nth...)
	}
	t.demand, t.capacity, t.shed = make([]float64, 0, n), make([]float64, 0, n), make([]bool, 0, n)
	for kind, n := range ofKind {
		t.byKind[kind] = make([]ID, 0, n)
	}
}

func (b *builder) declareOne(i int) {
	t, at := b.t, place{component: i}
	decl := t.spec.Components[i]
	if decl.Name == "" {
		b.fault(at, []any{"name"}, NotFound, "a component needs a name")
		return
	}
	p, err := parsePattern(decl.Name)
	if err == nil {
		err = checkName(decl.Name)
	}
	if err != nil {
		b.fault(at, []any{"name"}, BadSyntax, "%v", err)
		return
	}
	if b.text += min(p.size(), maxText+1); b.text > maxText {
		b.text = maxText + 1
		b.fault(at, []any{"name"}, TooLarge, "the names of all components have at most %d bytes", maxText)
		return
	}
	if n := p.count(); n > MaxComponents-len(t.demand) {
		b.fault(at, []any{"name"}, TooLarge, "%s stands for %d names; a topology has at most %d components", quote(decl.Name), n, MaxComponents)
		return
	}
	c := inherit(decl, t.spec.Kinds[decl.Kind])
	if len(p.brackets) > 0 && templated(c) {
		t.patterns[int32(i)] = p
	}
	b.declareAll(i, p, &c)
}

// declareAll declares what a pattern stands for.
func (b *builder) declareAll(i int, p pattern, c *Component) {
	first := ID(len(b.t.demand))
	if b.before == nil || i >= len(b.before.spec.Components) {
		b.name(i, p, c.Labels)
		b.add(first, ID(b.t.Len()), c)
		return
	}
	last := first + ID(p.count())
	if filled := toFill(c.Labels); len(filled) > 0 {
		for id := first; id < last; id++ {
			b.tag(id, c.Labels, filled)
		}
	}
	b.add(first, last, c)
}

// name gives what a pattern stands for names, and puts it with those that have the same labels, where they differ.
func (b *builder) name(i int, p pattern, labels map[string]string) {
	t, nth, filled := b.t, int32(-1), toFill(labels)
	p.each(func(name []byte) bool {
		nth++
		id, isNew := t.names.add(name)
		if !isNew {
			b.fault(place{component: i}, []any{"name"}, NotUnique, "there is a second %s (the first is declared as %s)",
				quote(string(name)), quote(t.spec.Components[t.declared[id]].Name))
			return true
		}
		t.declared, t.nth = append(t.declared, int32(i)), append(t.nth, nth)
		b.tag(id, labels, filled)
		return true
	})
}

// toFill returns, in order, the labels that differ between the components of a declaration.
func toFill(labels map[string]string) (keys []string) {
	for key, value := range labels {
		if strings.Contains(value, "{") {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// tag puts a component with those that have the same of these labels.
func (b *builder) tag(id ID, labels map[string]string, keys []string) {
	t := b.t
	for _, key := range keys {
		value, err := fillLabel(labels[key], t.brackets(id))
		if err != nil {
			b.fault(place{component: int(t.declared[id])}, []any{"labels", key}, NotFound, "%v", err)
			continue
		}
		t.byTag[tag{key, value}] = append(t.byTag[tag{key, value}], id)
	}
}

// add gives the components from first to last, which have names now, what they have in common.
func (b *builder) add(first, last ID, c *Component) {
	t, ids := b.t, b.t.byKind[c.Kind]
	if len(ids) == 0 && first < last {
		t.kinds = append(t.kinds, c.Kind)
	}
	capacity := c.Capacity
	if capacity == 0 {
		capacity = math.Inf(1)
	}
	for id := first; id < last; id++ {
		t.demand, t.capacity, t.shed = append(t.demand, c.Demand), append(t.capacity, capacity), append(t.shed, c.Overload.Shed)
		t.sheds = t.sheds || c.Overload.Shed
		ids = append(ids, id)
	}
	t.byKind[c.Kind] = ids
	if added := ids[len(ids)-int(last-first):]; len(added) > 0 {
		for key, value := range c.Labels {
			if !strings.Contains(value, "{") {
				t.byTag[tag{key, value}] = append(t.byTag[tag{key, value}], added...)
			}
		}
	}
}

// checkNames reports names that are also the kind of another component.
func (b *builder) checkNames() {
	t := b.t
	var ids []ID
	for _, kind := range t.kinds {
		if id, ok := t.Lookup(kind); ok {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		name := t.Name(id)
		if others := t.byKind[name]; name != t.Kind(id) || len(others) > 1 {
			b.fault(place{component: int(t.declared[id])}, []any{"name"}, NotUnique,
				"%s is also the kind of %s: a name must not be the kind of another component", quote(name), short(t.Name(otherThan(others, id))))
		}
	}
}

func otherThan(ids []ID, id ID) ID {
	if ids[0] == id {
		return ids[1]
	}
	return ids[0]
}

// checkName says what keeps a name from being read by people and programs alike.
func checkName(name string) error {
	switch {
	case strings.TrimSpace(name) != name:
		return errors.New("a name neither begins nor ends with a space")
	case !utf8.ValidString(name):
		return errors.New("a name is text in UTF-8")
	case strings.ContainsFunc(name, unicode.IsControl):
		return errors.New("a name has no control characters")
	}
	return nil
}

// checkKinds reports kinds that are probably misspelt: a component without the values that were meant for it has no
// limits, and nothing would seem to be overloaded.
func (b *builder) checkKinds() {
	used := map[string]bool{}
	for i, c := range b.t.spec.Components {
		if _, known := b.t.spec.Kinds[c.Kind]; c.Kind != "" && !known && !used[c.Kind] {
			for _, kind := range slices.Sorted(maps.Keys(b.t.spec.Kinds)) {
				if mistaken(c.Kind, kind) {
					b.fault(place{component: i}, []any{"kind"}, NotFound,
						"%s is not among the kinds; did you mean %s? If not, give the kind an entry of its own", quote(c.Kind), quote(kind))
				}
			}
		}
		used[c.Kind] = true
	}
}

// mistaken reports whether two kinds are the same but for case, or for one letter of a longer word.
func mistaken(a, b string) bool {
	if strings.EqualFold(a, b) {
		return true
	}
	return len(a) >= 5 && len(b) >= 5 && strings.EqualFold(a[:2], b[:2]) && similar(a, b) &&
		!strings.ContainsAny(a+b, "0123456789-_ ")
}
