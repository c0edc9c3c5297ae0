package topology

import (
	"reflect"
)

// readSpec reads a whole file.
func (d *decoder) readSpec(n node, s *Spec) {
	if kinds, ok := n.member("kinds"); ok {
		for kind, c := range kinds.members() {
			if unit, ok := c.member("unit"); ok && unit.kind() == '"' {
				d.units[kind.str()], _ = baseUnit(unit.str())
			}
		}
	}
	d.readStruct(n, reflect.ValueOf(s).Elem())
	d.missing(n, "components", "a fleet needs at least one component")
}

func (d *decoder) readKinds(n node, kinds *map[string]Component) {
	if n.kind() != '{' {
		d.wrong(n, "an object with kinds")
		return
	}
	*kinds = map[string]Component{}
	for key, value := range n.members() {
		kind, c := key.str(), Component{}
		d.within("kind "+quote(kind), node{}, func() {
			if _, ok := (*kinds)[kind]; ok {
				d.fault(key, NotUnique, "the kind is given twice: leave one out")
			}
			d.readComponent(value, &c)
		})
		(*kinds)[kind] = c
		if d.full {
			return
		}
	}
}

func (d *decoder) readComponents(n node, components *[]Component) {
	if n.kind() != '[' {
		d.wrong(n, "a list of components")
		return
	}
	*components = []Component{}
	for item := range n.items() {
		i := len(*components)
		if i == MaxComponents {
			d.fault(item, TooLarge, "a topology has at most %d components", MaxComponents)
			return
		}
		*components = append(*components, Component{})
		d.within("components"+index(i), item, func() {
			d.readComponent(item, &(*components)[i])
			d.missing(item, "name", "a component needs a name")
		})
		if d.full {
			return
		}
	}
}

// within reads a kind or a component: faults name it, and the way from there on.
func (d *decoder) within(owner string, self node, read func()) {
	path := d.path
	d.owner, d.self, d.path = owner, self, nil
	read()
	d.owner, d.self, d.path = "", node{}, path
}

func (d *decoder) readSupply(n node, s *Supply) {
	d.readStruct(n, reflect.ValueOf(s).Elem())
	d.missing(n, "members", "a supply needs members")
}

// readComponent reads a component, and brings its numbers and its unit together.
func (d *decoder) readComponent(n node, c *Component) {
	d.bare = factor{}
	if kind, ok := n.member("kind"); ok && kind.kind() == '"' {
		d.bare = d.units[kind.str()]
	}
	if unit, ok := n.member("unit"); ok && unit.kind() == '"' {
		d.bare, _ = baseUnit(unit.str())
	}
	d.readStruct(n, reflect.ValueOf(c).Elem())
	d.readUnit(n, c)
}

// readUnit sets the unit to the one that is written in its own field, or with the capacity or the demand: they must be
// the same.
func (d *decoder) readUnit(n node, c *Component) {
	_, c.Unit = baseUnit(c.Unit)
	from := "but the field unit says"
	for _, field := range []string{"capacity", "demand"} {
		value, ok := n.member(field)
		if !ok || value.kind() != '"' {
			continue
		}
		q, err := readQuantity(value.str())
		switch {
		case err != nil || q.unit == "" || q.unit == c.Unit:
		case c.Unit == "":
			c.Unit, from = q.unit, "but the "+field+" is in"
		default:
			d.at(field, func() {
				d.fault(value, UnitClash, "%s is in %s, %s %s: a component has one unit", quote(value.str()), q.unit, from, c.Unit)
			})
		}
	}
}
