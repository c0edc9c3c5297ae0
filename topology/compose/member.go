package compose

import (
	"go.yaml.in/yaml/v3"

	"github.com/ridethrough/ridethrough/topology"
)

// maxMerges is how deep mappings may stand behind << of each other.
const maxMerges = 100

// A member is a name in a mapping, and what stands behind it.
type member struct {
	name  string
	value *yaml.Node
}

// members returns the members of a mapping, and then those that it merges and does not have itself.
func (r *reading) members(n *yaml.Node, w where, depth int) (own []member) {
	if depth > maxMerges {
		r.fault(w, topology.BadSyntax, "<< merges mappings more than %d levels deep, or a mapping into itself", maxMerges)
		return nil
	}
	var merged []*yaml.Node
	has := map[string]bool{}
	for i := 0; i+1 < len(n.Content) && r.take(&r.values, 1, w, "values"); i += 2 {
		key := n.Content[i]
		if key.Kind == yaml.AliasNode {
			key = key.Alias
		}
		w.line, w.column = key.Line, key.Column
		switch {
		case key.Kind != yaml.ScalarNode:
			r.fault(w, topology.BadSyntax, "%s cannot be a name: write a text", called(key))
		case key.Tag == "!!merge":
			merged = append(merged, n.Content[i+1])
		case has[key.Value]:
			r.fault(w.in(key.Value), topology.NotUnique, "it is given twice: leave one out")
		default:
			has[key.Value] = true
			own = append(own, member{key.Value, n.Content[i+1]})
		}
	}
	for _, from := range merged {
		for _, m := range r.merged(from, w, depth) {
			if !has[m.name] {
				has[m.name] = true
				own = append(own, m)
			}
		}
	}
	return own
}

// merged returns the members of what stands behind <<: a mapping or a list of them, of which the first counts most.
func (r *reading) merged(n *yaml.Node, w where, depth int) (all []member) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	w.line, w.column = n.Line, n.Column
	switch n.Kind {
	case yaml.MappingNode:
		return r.members(n, w, depth+1)
	case yaml.SequenceNode:
		for _, item := range n.Content {
			if item.Kind == yaml.AliasNode {
				item = item.Alias
			}
			if item.Kind == yaml.MappingNode {
				all = append(all, r.members(item, w, depth+1)...)
			}
		}
		return all
	}
	r.fault(w, topology.BadSyntax, "<< merges a mapping or a list of them: write an alias of one")
	return nil
}
