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
	t := b.t
	b.checkKinds()
	b.makeRoom()
	for i := range t.spec.Components {
		b.declareOne(i)
	}
	for id, name := range t.names {
		kind := t.spec.Components[t.declared[id]].Kind
		if others := t.byKind[name]; len(others) > 0 && (name != kind || len(others) > 1) {
			b.fault(place{component: int(t.declared[id])}, []any{"name"}, NotUnique,
				"%s is also the kind of %s: a name must not be the kind of another component", quote(name), short(t.names[otherThan(others, ID(id))]))
		}
	}
}

// makeRoom allocates once what declare fills.
func (b *builder) makeRoom() {
	t, n := b.t, 0
	for _, c := range t.spec.Components {
		if p, err := parsePattern(c.Name); err == nil {
			if p.count() <= MaxComponents-n { // else it is a fault, and makes no components
				n += p.count()
			}
		}
	}
	t.ids = make(map[string]ID, n)
	t.names = make([]string, 0, n)
	t.declared = make([]int32, 0, n)
	t.brackets = make([][]string, 0, n)
	t.demand, t.capacity, t.shed = make([]float64, 0, n), make([]float64, 0, n), make([]bool, 0, n)
}

func otherThan(ids []ID, id ID) ID {
	if ids[0] == id {
		return ids[1]
	}
	return ids[0]
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
	if n := p.count(); n > MaxComponents-len(t.names) {
		b.fault(at, []any{"name"}, TooLarge, "%s stands for %d names; a topology has at most %d components", quote(decl.Name), n, MaxComponents)
		return
	}
	c := inherit(decl, t.spec.Kinds[decl.Kind])
	withTemplate := templated(c)
	p.each(func(name string, brackets []string) bool {
		if first, ok := t.ids[name]; ok {
			b.fault(at, []any{"name"}, NotUnique, "there is a second %s (the first is declared as %s)", quote(name), quote(t.spec.Components[t.declared[first]].Name))
			return true
		}
		if !withTemplate {
			brackets = nil
		}
		b.add(i, name, brackets, c)
		return true
	})
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

func (b *builder) add(i int, name string, brackets []string, c Component) {
	t, id := b.t, ID(len(b.t.names))
	t.ids[name] = id
	t.names = append(t.names, name)
	t.declared = append(t.declared, int32(i))
	t.brackets = append(t.brackets, slices.Clone(brackets))
	t.demand = append(t.demand, c.Demand)
	t.shed = append(t.shed, c.Overload.Shed)
	t.sheds = t.sheds || c.Overload.Shed
	if c.Capacity == 0 {
		c.Capacity = math.Inf(1)
	}
	t.capacity = append(t.capacity, c.Capacity)
	if t.byKind[c.Kind] == nil {
		t.kinds = append(t.kinds, c.Kind)
	}
	t.byKind[c.Kind] = append(t.byKind[c.Kind], id)
	for _, key := range slices.Sorted(maps.Keys(c.Labels)) {
		value, err := fillLabel(c.Labels[key], brackets)
		if err != nil {
			b.fault(place{component: i}, []any{"labels", key}, NotFound, "%v", err)
			continue
		}
		t.byTag[tag{key, value}] = append(t.byTag[tag{key, value}], id)
	}
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
