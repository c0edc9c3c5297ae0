package kube

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/ridethrough/ridethrough/topology"
)

// The kinds of components that are not a workload's.
const (
	kindRegion     = "region"
	kindZone       = "zone"
	kindNode       = "node"
	kindNodeMemory = "node memory"
	kindDaemons    = "daemons"
	kindPod        = "pod"
	kindPodMemory  = "pod memory"
	kindBare       = "bare pod"
)

// check reports everything that is wrong with the options.
func (o Options) check() error {
	var faults topology.Faults
	bad := func(field string, reason topology.Reason, format string, args ...any) {
		text := fmt.Sprintf(format, args...)
		faults = append(faults, topology.Fault{Component: "options", Field: field, Reason: reason, Text: text})
	}
	if !(o.Load >= 0 && o.Load <= 1000) {
		bad("Load", topology.BadNumber, "%v: write a part of what pods may use, such as 0.6", o.Load)
	}
	if !(o.MemoryAtRest >= 0 && o.MemoryAtRest <= 1) {
		bad("MemoryAtRest", topology.BadNumber, "%v: write a part from 0 to 1", o.MemoryAtRest)
	}
	o.checkUsage(bad)
	kinds := []string{kindRegion, kindZone, kindNode, kindDaemons, kindPod, "memory"}
	for i, label := range o.Domains {
		field, kind := fmt.Sprintf("Domains[%d]", i), domainKind(label)
		if wrong := validation.IsQualifiedName(label); len(wrong) > 0 {
			bad(field, topology.BadSyntax, "%q is not the name of a label: write one such as example.com/rack", label)
		} else if slices.Contains(kinds, kind) {
			bad(field, topology.NotUnique, "%q makes the kind %s, which there is already", label, kind)
		}
		kinds = append(kinds, kind)
	}
	if slices.Contains(o.Variables, "") {
		bad("Variables", topology.BadSyntax, "an empty ending is that of every variable: write one such as _ADDR")
	}
	if faults == nil {
		return nil
	}
	return faults
}

// checkUsage reports measured usage that is no usage.
func (o Options) checkUsage(bad func(field string, reason topology.Reason, format string, args ...any)) {
	for _, usage := range []struct {
		field string
		of    map[string]float64
	}{{"CPU", o.CPU}, {"Memory", o.Memory}} {
		for _, pod := range slices.Sorted(maps.Keys(usage.of)) {
			if used := usage.of[pod]; !(used >= 0 && used <= math.MaxFloat64) {
				bad(usage.field, topology.BadNumber, "%s uses %v: leave out what was not measured", pod, used)
			}
		}
	}
}

// domainKind is the last part of a label: "rack" of "example.com/rack".
func domainKind(label string) string { return label[strings.LastIndexByte(label, '/')+1:] }

// variables are the endings of the variables that hold addresses.
func (o Options) variables() []string {
	if o.Variables == nil {
		return []string{"_ADDR"}
	}
	return o.Variables
}
