package prom

import (
	"cmp"
	"fmt"
	"math"

	"github.com/ridethrough/ridethrough/topology"
)

// A Rule says which series are a number of which components.
type Rule struct {
	// Metric is the name of the series, or a selector as in a query:
	// kube_pod_container_resource_limits{resource="cpu"}. "" is every series: what a query computed has no name.
	Metric string

	// Component is the name of the component, in which {label} is the value of a label: "{namespace}/{pod}". After a %
	// stands an end that is cut off, in which * is any text, as in a shell: "{instance%:*}" is the instance without its
	// port, "{pod%-*-*}" the deployment of a pod. A backslash makes the next character an ordinary one. Series that
	// make the same name add up.
	Component string

	Field  Field   // Demand or Capacity; Values also takes ""
	Factor float64 // by which values are multiplied; 0 is 1
	Unit   string  // of the values times the factor; "" is that of the component

	// Of is the components that should have a value: a kind, a name, or a pattern of names. "" is all that have the
	// kind of one that got a value.
	Of string
}

// A Field is what a rule gives a component.
type Field string

// The fields.
const (
	Demand   Field = "demand"   // load of its own
	Capacity Field = "capacity" // the most load that it carries
)

// compiled is a rule that has been read.
type compiled struct {
	Rule
	selector selector
	template template
}

// compile reads rules; the error is all that is wrong with them.
func compile(rules []Rule) ([]compiled, error) {
	all := make([]compiled, len(rules))
	var faults topology.Faults
	for i, r := range rules {
		fault := func(field string, reason topology.Reason, format string, args ...any) {
			faults = append(faults, topology.Fault{
				Component: fmt.Sprint("rule ", i+1), Field: field, Reason: reason, Text: fmt.Sprintf(format, args...),
			})
		}
		c := compiled{Rule: r}
		c.Factor = cmp.Or(r.Factor, 1)
		var err error
		if c.selector, err = parseSelector(r.Metric); err != nil {
			fault("Metric", topology.BadSyntax, "%s: %v", quote(r.Metric), err)
		}
		if c.template, err = parseTemplate(r.Component); err != nil {
			fault("Component", topology.BadSyntax, "%v", err)
		}
		if r.Field != Demand && r.Field != Capacity {
			fault("Field", topology.NotFound, "%s: write Demand or Capacity", quote(string(r.Field)))
		}
		if !(c.Factor > 0) || math.IsInf(c.Factor, 1) {
			fault("Factor", topology.BadNumber, "%v: want a factor above 0, or 0 for none", r.Factor)
		}
		all[i] = c
	}
	if faults != nil {
		return nil, faults
	}
	return all, nil
}

// what names the series of a rule, for people.
func (c compiled) what() string {
	if c.Metric == "" {
		return "the answer"
	}
	return cut(c.Metric)
}
