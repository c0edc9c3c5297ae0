package compose

import (
	"path"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// An extender merges services over those that they extend.
type extender struct {
	*loader
	done   map[extended]*value
	active []extended // that wait for each other
}

// An extended is a service of a document.
type extended struct {
	document *document
	name     string
}

// extendAll merges all services of a document over what they extend.
func (l *loader) extendAll(d *document) {
	x := &extender{loader: l, done: map[extended]*value{}}
	merged := &value{where: d.services.where}
	for _, name := range d.services.names {
		merged.set(name, x.service(extended{d, name}))
	}
	d.services = merged
}

func (x *extender) service(e extended) *value {
	if v, ok := x.done[e]; ok {
		return v
	}
	v := e.document.services.fields[e.name]
	if by := v.get("extends"); by != nil {
		x.active = append(x.active, e)
		if base := x.base(e, by); base != nil {
			v = x.merge(x.unmarked(base), v, x.shape)
		}
		x.active = x.active[:len(x.active)-1]
	}
	x.done[e] = v
	return v
}

// unmarked returns a value without its !reset and !override, which are meant for the service that has them.
func (x *extender) unmarked(v *value) *value {
	if !x.marked || v.null || len(v.names) == 0 || !x.take(&x.values, len(v.names), v.where, "values") {
		return v
	}
	plain := *v
	plain.override, plain.fields, plain.names = false, nil, nil
	for _, name := range v.names {
		if field := v.fields[name]; !field.reset {
			field = x.unmarked(field)
			if field.override {
				without := *field
				without.override = false
				field = &without
			}
			plain.set(name, field)
		}
	}
	return &plain
}

// base returns what a service extends; nil if that cannot be had.
func (x *extender) base(e extended, by *value) *value {
	of := extended{e.document, by.textOf("service")}
	if by.get("service") == nil {
		x.fault(by.where, topology.NotFound, "no service: write the name of the one to extend")
		return nil
	}
	if name := by.textOf("file"); name != "" {
		d, ok := x.other(name, by.get("file").where)
		if !ok {
			return nil
		}
		of.document = d
	}
	if of.document.services.fields[of.name] == nil {
		x.fault(by.get("service").where, topology.NotFound, "%s has no service %q to extend", of.document.file.name, short(of.name))
		return nil
	}
	for i, a := range x.active {
		if a == of {
			x.fault(by.where, topology.NeedCycle, "services extend each other: %s", x.cycle(i))
			return nil
		}
	}
	return x.service(of)
}

func (x *extender) cycle(from int) string {
	var names []string
	for _, a := range x.active[from:] {
		names = append(names, a.name)
	}
	return strings.Join(append(names, names[0]), " extends ")
}

// other returns the services of another file, its documents merged, not yet over what they extend.
func (x *extender) other(name string, w where) (*document, bool) {
	if d, ok := x.others[name]; ok {
		return d, d != nil
	}
	x.others[name] = nil
	text, ok := x.open(name, w, true)
	if !ok {
		return nil, false
	}
	f := &file{name: name, dir: path.Dir(name)}
	all := &document{file: f, services: &value{}}
	for _, root := range x.parse(f, text) {
		all.services = x.merge(all.services, x.document(f, root).services, shape{form: named, of: x.shape.of})
	}
	x.others[name] = all
	return all, true
}
