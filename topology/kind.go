package topology

import (
	"maps"
	"slices"
	"strings"
)

// inherit returns a component with what it leaves out taken from its kind.
func inherit(c, kind Component) Component {
	c.Labels = inheritLabels(c.Labels, kind.Labels)
	or(&c.Capacity, kind.Capacity)
	or(&c.Demand, kind.Demand)
	or(&c.Unit, kind.Unit)
	or(&c.Overload, kind.Overload)
	or(&c.Start, kind.Start)
	or(&c.Gated, kind.Gated)
	or(&c.Reopen, kind.Reopen)
	or(&c.Failing, kind.Failing)
	if len(c.Needs) == 0 {
		c.Needs = kind.Needs
	}
	if len(c.StartNeeds) == 0 {
		c.StartNeeds = kind.StartNeeds
	}
	if len(c.Supplies) == 0 {
		c.Supplies = kind.Supplies
	}
	return c
}

func or[T comparable](field *T, kind T) {
	var zero T
	if *field == zero {
		*field = kind
	}
}

func inheritLabels(own, kind map[string]string) map[string]string {
	if len(own) == 0 || len(kind) == 0 {
		if len(own) == 0 {
			return kind
		}
		return own
	}
	all := maps.Clone(kind)
	maps.Copy(all, own)
	return all
}

// templated reports whether anything in c refers to a bracket or a label.
func templated(c Component) bool {
	for _, value := range c.Labels {
		if strings.Contains(value, "{") {
			return true
		}
	}
	if slices.ContainsFunc(c.Needs, hasTemplate) || slices.ContainsFunc(c.StartNeeds, hasTemplate) {
		return true
	}
	return slices.ContainsFunc(c.Supplies, func(s Supply) bool { return slices.ContainsFunc(s.Members, hasTemplate) })
}

// fill replaces {1} and {label} in a component's labels and lists.
func fill(c Component, brackets []string) (Component, error) {
	labels := maps.Clone(c.Labels)
	var err error
	for _, key := range toFill(c.Labels) {
		if labels[key], err = fillLabel(c.Labels[key], brackets); err != nil {
			return c, err
		}
	}
	c.Labels = labels
	if c.Needs, err = fillNames(c.Needs, brackets, labels); err != nil {
		return c, err
	}
	if c.StartNeeds, err = fillNames(c.StartNeeds, brackets, labels); err != nil {
		return c, err
	}
	c.Supplies = slices.Clone(c.Supplies)
	for i := range c.Supplies {
		if c.Supplies[i].Members, err = fillNames(c.Supplies[i].Members, brackets, labels); err != nil {
			return c, err
		}
	}
	return c, nil
}

// bracketsIn reports, for each of the n brackets of a component's name, whether its lists refer to it, by its number or
// through a label.
func bracketsIn(c Component, n int) []bool {
	used := make([]bool, n)
	if n == 0 {
		return used
	}
	texts := slices.Concat(c.Needs, c.StartNeeds)
	for _, s := range c.Supplies {
		texts = append(texts, s.Members...)
	}
	for _, text := range texts {
		for _, name := range references(text) {
			for _, name := range append(references(c.Labels[name]), name) {
				if i := bracketNumber(name); 1 <= i && i <= n {
					used[i-1] = true
				}
			}
		}
	}
	return used
}

func fillNames(names Names, brackets []string, labels map[string]string) (Names, error) {
	if !slices.ContainsFunc(names, hasTemplate) {
		return names, nil
	}
	filled := make(Names, len(names))
	for i, name := range names {
		s, err := substitute(name, brackets, labels)
		if err != nil {
			return nil, err
		}
		filled[i] = s
	}
	return filled, nil
}

// fillLabel replaces {1} in a label's value, which is no pattern: backslashes count only where there is a brace.
func fillLabel(value string, brackets []string) (string, error) {
	if !strings.Contains(value, "{") {
		return value, nil
	}
	filled, err := substitute(value, brackets, nil)
	if err != nil {
		return "", err
	}
	return unescape(filled), nil
}

func clone(s Spec) Spec {
	kinds := s.Kinds
	if kinds != nil {
		s.Kinds = make(map[string]Component, len(kinds))
		for name, kind := range kinds {
			s.Kinds[name] = copyOf(kind)
		}
	}
	s.Components = slices.Clone(s.Components)
	for i, c := range s.Components {
		s.Components[i] = copyOf(c)
	}
	return s
}

func copyOf(c Component) Component {
	c.Labels = maps.Clone(c.Labels)
	c.Needs = slices.Clone(c.Needs)
	c.StartNeeds = slices.Clone(c.StartNeeds)
	c.Supplies = slices.Clone(c.Supplies)
	for i := range c.Supplies {
		c.Supplies[i].Members = slices.Clone(c.Supplies[i].Members)
		c.Supplies[i].Weights = slices.Clone(c.Supplies[i].Weights)
	}
	return c
}
