package csv

import (
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// A name is of one server, or a pattern for several.
type name struct {
	text string
	of   int // names that a pattern stands for; 0 for a plain name
}

type names []name

// readName reads a value of the column name.
func readName(text string) (name, []string, error) {
	all, err := topology.Expand(text)
	if err != nil {
		return name{}, nil, err
	}
	if len(all) == 1 {
		return name{text: all[0]}, all, nil
	}
	return name{text: asMember(text), of: len(all)}, all, nil
}

// asMember writes a pattern so that what draws on it does not take it for label=value.
func asMember(text string) string {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '=':
			b.WriteByte('\\')
		case text[i] == '\\' && i+1 < len(text):
			b.WriteByte('\\')
			i++
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

func (n name) count() int { return max(n.of, 1) }

// patterns returns names for a spec: patterns as they are written, and what stands between them folded.
func (n names) patterns() topology.Names {
	var all topology.Names
	var plain []string
	for _, one := range n {
		if one.of == 0 {
			plain = append(plain, one.text)
			continue
		}
		all = append(append(all, topology.Fold(plain)...), one.text)
		plain = nil
	}
	return append(all, topology.Fold(plain)...)
}

// expand returns each name.
func (n names) expand() (all []string) {
	for _, one := range n {
		if one.of == 0 {
			all = append(all, one.text)
			continue
		}
		some, err := topology.Expand(one.text)
		if err != nil { // it could be read before
			break
		}
		all = append(all, some...)
	}
	return all
}
