package compose

import "github.com/ridethrough/ridethrough/topology"

// mergeCost is how many values one more name in a merged mapping counts as: about as much memory.
const mergeCost = 3

// merge returns what stands in a field if a later file says something of it too: a text takes the place of the one
// before, lists are put together, and mappings are merged name by name.
func (l *loader) merge(base, over *value, s shape) *value {
	switch {
	case base == nil || base.null || over.override || over.reset:
		return over
	case over.null:
		return base
	case s.form == text || s.form == whole:
		return over
	}
	size := len(base.names) + len(over.names) + len(base.items) + len(over.items)
	if !l.take(&l.values, mergeCost*size, over.where, "values") {
		return base
	}
	both := &value{where: base.where}
	if s.form == list {
		both.items = together(base.items, over.items)
		return both
	}
	for _, name := range base.names {
		both.set(name, base.fields[name])
	}
	for _, name := range over.names {
		both.set(name, l.mergeField(both.fields[name], over.fields[name], name, s))
	}
	return both
}

func (l *loader) mergeField(base, over *value, name string, s shape) *value {
	if base == nil {
		return over
	}
	switch s.form {
	case table:
		return over
	case named:
		return l.merge(base, over, shape{form: fields, of: s.of})
	}
	return l.merge(base, over, s.of[name])
}

// together returns two lists as one, without what stands in it already.
func together(base, over []*value) (all []*value) {
	seen := map[string]bool{}
	for _, items := range [][]*value{base, over} {
		for _, item := range items {
			key := item.text + "\x00" + item.textOf("path")
			if !seen[key] {
				seen[key] = true
				all = append(all, item)
			}
		}
	}
	return all
}

// addIncluded adds included services to those of a document, which may not have them too.
func (l *loader) addIncluded(d *document, included *value, w where) {
	for _, name := range included.names {
		own, ok := d.services.fields[name]
		if ok && own != included.fields[name] {
			l.fault(own.where, topology.NotUnique, "the file included at %s:%d has a service of this name: give one of them another", w.file, w.line)
			continue
		}
		d.services.set(name, included.fields[name])
	}
}
