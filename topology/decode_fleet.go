package topology

import (
	"errors"
	"reflect"
)

// readSpec reads a whole file.
func (d *decoder) readSpec(n node, s *Spec) {
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
		d.within("kind "+quote(kind), func() {
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
	*components = make([]Component, 0, d.room(n))
	for item := range n.items() {
		i := len(*components)
		if i == MaxComponents {
			d.fault(item, TooLarge, "a topology has at most %d components", MaxComponents)
		}
		if d.full || i == MaxComponents {
			break
		}
		*components = append(*components, Component{})
		d.self, d.nth = item, i
		d.within("", func() {
			c := &(*components)[i]
			if d.readComponent(item, c); c.Name == "" {
				d.missing(item, "name", "a component needs a name")
			}
		})
	}
	d.self = node{}
}

// room returns for how many components to make room: as many as there are, if each of them has a name.
func (d *decoder) room(list node) int {
	n := 0
	for range list.items() {
		n++
	}
	return min(n, MaxComponents, len(list.raw())/len(`{"name":"a"}`))
}

// within reads a kind or a component: faults give the way from there on.
func (d *decoder) within(owner string, read func()) {
	path := d.path
	d.owner, d.path = owner, d.path[len(d.path):]
	read()
	d.owner, d.path = "", path
}

func (d *decoder) readSupply(n node, s *Supply) {
	if d.readStruct(n, reflect.ValueOf(s).Elem()); len(s.Members) == 0 {
		d.missing(n, "members", "a supply needs members")
	}
}

// readComponent reads a component, and brings its numbers and its unit together.
func (d *decoder) readComponent(n node, c *Component) {
	d.loads = false
	d.readStruct(n, reflect.ValueOf(c).Elem())
	if !d.loads {
		return
	}
	said := "the field unit says"
	for _, field := range []string{"capacity", "demand"} {
		if value, ok := n.member(field); ok {
			d.at(field, func() { said = d.readUnit(value, c, said) })
		}
	}
}

// readUnit sets the component's unit to that of a load that has one. What said it first, every other must say too.
func (d *decoder) readUnit(load node, c *Component, said string) string {
	q, err := loadOf(load)
	switch {
	case err != nil || q.unit == "":
	case c.Unit == "":
		c.Unit = q.unit
		return "the " + d.path[len(d.path)-1] + " is in"
	case q.unit != c.Unit:
		d.fault(load, UnitClash, "%s is in %s, but %s %s: a component has one unit", quote(load.str()), q.unit, said, c.Unit)
	}
	return said
}

// loadOf returns a load as written; the error has been reported, if there is one.
func loadOf(n node) (q quantity, err error) {
	switch n.kind() {
	case '0':
		q.number = n.raw()
	case '"':
		if q, err = readQuantity(n.str()); err != nil {
			return q, err
		}
	default:
		return q, errors.New("no number")
	}
	_, err = q.value()
	return q, err
}
