package compose

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/ridethrough/ridethrough/topology"
)

// A document is what one YAML document says.
type document struct {
	file     *file
	name     string
	services *value
	includes []*value
}

// document reads a document.
func (l *loader) document(f *file, root *yaml.Node) *document {
	d, r := &document{file: f, services: &value{}}, &reading{loader: l, file: f}
	w := where{file: f.name, line: root.Line, column: root.Column}
	if root.Kind == yaml.ScalarNode && root.Tag == "!!null" {
		return d
	}
	if root.Kind != yaml.MappingNode {
		l.fault(w, topology.BadSyntax, "%s where a mapping with services is wanted", called(root))
		return d
	}
	for _, m := range r.members(root, w, 0) {
		switch m.name {
		case "name":
			d.name = r.value(m.value, shape{}, w.in("name")).text
		case "include":
			d.includes = r.value(m.value, includeShape(), w.in("include")).items
		case "services":
			r.services(d, m.value, w.in("services"))
		}
	}
	return d
}

// services reads the services of a document.
func (r *reading) services(d *document, n *yaml.Node, w where) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	w.line, w.column = n.Line, n.Column
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.MappingNode {
		r.fault(w, topology.BadSyntax, "%s where a mapping from the names of services is wanted", called(n))
		return
	}
	passed := strings.Fields(passedOver)
	known := map[string]bool{}
	for _, name := range passed {
		known[name] = true
	}
	for _, m := range r.members(n, w, 0) {
		if strings.HasPrefix(m.name, "x-") {
			continue
		}
		at := w
		at.component, at.field = m.name, ""
		service := r.value(m.value, r.shape, at)
		r.unknown(m, r.shape, known)
		r.beside(service)
		d.services.set(m.name, service)
	}
}

// unknown notes the fields of a service that the specification does not have.
func (r *reading) unknown(m member, s shape, known map[string]bool) {
	n := m.value
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, name := n.Content[i], n.Content[i].Value
		_, read := s.of[name]
		named := key.Kind == yaml.ScalarNode && key.Tag != "!!merge" && !strings.HasPrefix(name, "x-")
		if named && !read && !known[name] {
			r.odd.add(short(m.name) + ": " + short(name))
		}
	}
}

// beside makes the paths in a service those of Options.Files.
func (r *reading) beside(service *value) {
	if f := service.get("extends", "file"); f != nil {
		f.text = beside(r.dir, f.text)
	}
	if list := service.get("env_file"); list != nil {
		for _, one := range list.items {
			if p := one.get("path"); p != nil {
				p.text = beside(r.dir, p.text)
			}
		}
	}
}
