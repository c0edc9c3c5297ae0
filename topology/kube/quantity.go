package kube

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/ridethrough/ridethrough/topology"
)

// A quantity is the text of one, or of a number, as it was written; "" if it was not.
type quantity string

// UnmarshalJSON takes any value, so that what is wrong with it is found where its place is known.
func (q *quantity) UnmarshalJSON(data []byte) error {
	if bytes.Equal(data, []byte("null")) {
		return nil
	}
	var text string
	if json.Unmarshal(data, &text) != nil {
		text = string(data)
	}
	*q = quantity(text)
	return nil
}

const maxQuantity = 1e15 // cores, or bytes: a petabyte

// value returns the number of a quantity, and what is wrong with it.
func (q quantity) value() (float64, string) {
	if q == "" {
		return 0, ""
	}
	wrong := fmt.Sprintf(`%s is no quantity: write a number such as "500m", "2", or "512Mi"`, short([]byte(q)))
	if len(q) > 40 || exponent(string(q)) > 2 {
		return 0, wrong
	}
	parsed, err := resource.ParseQuantity(string(q))
	if err != nil {
		return 0, wrong
	}
	x := exact(parsed)
	if !(x >= 0 && x <= maxQuantity) {
		return 0, fmt.Sprintf("%s: write a quantity from 0 to %g", q, float64(maxQuantity))
	}
	return x, ""
}

// exact returns the nearest float: 0.1 for 100m.
func exact(q resource.Quantity) float64 {
	if x := q.AsApproximateFloat64(); math.Abs(x) > 1e9 {
		return x
	}
	return float64(q.ScaledValue(resource.Nano)) / 1e9
}

// exponent returns how many digits stand behind an e: a large exponent would take more memory than there is.
func exponent(s string) int {
	i := strings.IndexAny(s, "eE")
	if i < 0 || strings.HasSuffix(s, "E") || strings.HasSuffix(s, "Ei") {
		return 0
	}
	return len(strings.TrimLeft(s[i+1:], "+-0"))
}

// amount is CPU in cores and memory in bytes; 0 where it is not stated.
type amount struct{ cpu, memory float64 }

func (a amount) plus(b amount) amount { return amount{a.cpu + b.cpu, a.memory + b.memory} }

func (a amount) most(b amount) amount { return amount{max(a.cpu, b.cpu), max(a.memory, b.memory)} }

// or takes what a leaves out from b.
func (a amount) or(b amount) amount {
	if a.cpu == 0 {
		a.cpu = b.cpu
	}
	if a.memory == 0 {
		a.memory = b.memory
	}
	return a
}

// amount reads a list of resources; field is where it stands.
func (c checker) amount(l resourceList, field func() string) (a amount) {
	var wrong string
	if a.cpu, wrong = l.CPU.value(); wrong != "" {
		c.bad(field()+".cpu", topology.BadNumber, "%s", wrong)
	}
	if a.memory, wrong = l.Memory.value(); wrong != "" {
		c.bad(field()+".memory", topology.BadNumber, "%s", wrong)
	}
	return a
}
