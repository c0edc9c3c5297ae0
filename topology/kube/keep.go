package kube

import (
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
	kjson "sigs.k8s.io/json"

	"github.com/ridethrough/ridethrough/topology"
)

// keep takes from an object what the model needs.
func (r *reader) keep(t typeMeta, text []byte, place string) {
	c := checker{r: r, place: place, kind: t.Kind, version: t.APIVersion}
	switch t.Kind {
	case "":
		c.bad("kind", topology.BadSyntax,
			"it is missing: every object has apiVersion and kind (of a list, before its items)")
	case "Node":
		take(c, text, &nodeObject{}, checker.node)
	case "Pod":
		take(c, text, &podObject{}, checker.pod)
	case "Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "DaemonSet", "Job":
		take(c, text, &controllerObject{}, checker.controller)
	case "Service":
		if t.APIVersion == "v1" { // not one of Knative
			take(c, text, &serviceObject{}, checker.service)
		}
	case "PodDisruptionBudget":
		take(c, text, &budgetObject{}, checker.budget)
	case "HorizontalPodAutoscaler":
		take(c, text, &scalerObject{}, checker.scaler)
	case "PriorityClass":
		take(c, text, &priorityClassObject{}, checker.priorityClass)
	case "PodMetrics":
		take(c, text, &podMetricsObject{}, checker.podMetrics)
	case "NodeMetrics":
		take(c, text, &nodeMetricsObject{}, checker.nodeMetrics)
	case "Status":
		c.status(text)
	default:
		r.cluster.skipped[t.Kind]++
	}
}

// take decodes an object and hands it on, unless something is wrong with its types or its name.
func take[P interface{ names() *objectMeta }](c checker, text []byte, into P, use func(checker, P)) {
	err := kjson.UnmarshalCaseSensitivePreserveInts(text, into)
	c.meta = into.names()
	c.completeName()
	before := len(c.r.faults)
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrong):
		c.bad(strings.TrimPrefix(wrong.Field, "meta."), topology.BadSyntax, "found %s where %s is wanted%s",
			found(wrong.Value), wanted(wrong.Type.Kind()), hint(wrong))
	case err != nil:
		c.bad("", topology.BadSyntax, "%v", err)
	default:
		c.checkName()
	}
	if len(c.r.faults) == before {
		use(c, into)
	}
}

// A checker reports what is wrong with the fields of one object.
type checker struct {
	r             *reader
	place         string
	kind, version string
	meta          *objectMeta // nil: not yet read
}

func (c checker) bad(field string, reason topology.Reason, format string, args ...any) {
	place := c.place
	if c.meta != nil && c.meta.Name != "" {
		place += ", " + strings.ToLower(c.kind) + " " + strings.TrimPrefix(c.meta.Namespace+"/"+c.meta.Name, "/")
	}
	c.r.fault(place, field, reason, format, args...)
}

// status reports that the API server answered with an error.
func (c checker) status(text []byte) {
	var s struct{ Status, Message string }
	if json.Unmarshal(text, &s) == nil && s.Status == "Failure" {
		c.bad("", topology.NotFound, "the API server answered with an error: %s", strconv.Quote(s.Message))
	}
	c.r.cluster.skipped[c.kind]++
}

// completeName gives an object the namespace that it has if it does not say, and a name if the API server would make
// one up.
func (c checker) completeName() {
	if c.meta.Name == "" {
		c.meta.Name = strings.TrimSuffix(c.meta.GenerateName, "-")
	}
	switch {
	case c.kind == "Node" || c.kind == "NodeMetrics" || c.kind == "PriorityClass":
		c.meta.Namespace = ""
	case c.meta.Namespace == "":
		c.meta.Namespace = "default"
	}
	c.meta.Namespace = c.r.cluster.text(c.meta.Namespace)
}

func (c checker) checkName() {
	if c.meta.Namespace != "" && len(validation.IsDNS1123Label(c.meta.Namespace)) > 0 {
		c.bad("metadata.namespace", topology.BadSyntax, "%s is no name of a namespace", short([]byte(c.meta.Namespace)))
	}
	switch {
	case c.meta.Name == "":
		c.bad("metadata.name", topology.NotFound, "a %s without a name", c.kind)
	case len(validation.IsDNS1123Subdomain(c.meta.Name)) > 0:
		c.bad("metadata.name", topology.BadSyntax, "%s: a name has small letters, digits, - and . only",
			short([]byte(c.meta.Name)))
	}
}

// owner returns the controller of an object; zero if it has none.
func (c checker) owner() ref {
	for _, o := range c.meta.OwnerReferences {
		if o.Controller == nil || !*o.Controller {
			continue
		}
		kind := strings.ToLower(o.Kind)
		if len(validation.IsDNS1123Label(kind)) > 0 || len(validation.IsDNS1123Subdomain(o.Name)) > 0 {
			c.bad("metadata.ownerReferences", topology.BadSyntax, "%s %s is no kind and name",
				short([]byte(o.Kind)), short([]byte(o.Name)))
			return ref{}
		}
		return ref{c.r.cluster.text(o.Kind), c.meta.Namespace, c.r.cluster.text(o.Name)}
	}
	return ref{}
}

// count checks a number of replicas, and that all together are not more than a topology can have.
func (c checker) count(field string, n int64) {
	all := &c.r.cluster.replicas
	switch {
	case n < 0:
		c.bad(field, topology.BadNumber, "%d: write how many are wanted, from 0", n)
	case n > topology.MaxComponents || *all+int(n) > topology.MaxComponents:
		c.bad(field, topology.TooLarge, "%d: a topology has at most %d components", n, topology.MaxComponents)
	default:
		*all += int(n)
	}
}

// text returns a text that is shared by all who have the same.
func (c *cluster) text(s string) string {
	if shared, ok := c.texts[s]; ok {
		return shared
	}
	c.texts[s] = s
	return s
}

// found names a value of JSON as people do.
func found(value string) string {
	switch value {
	case "array":
		return "a list"
	case "object":
		return "an object"
	case "string":
		return "a text"
	}
	return "a " + value
}

// hint says what is behind most values of a wrong type.
func hint(wrong *json.UnmarshalTypeError) string {
	if wrong.Type.Kind() == reflect.String && (wrong.Value == "bool" || strings.HasPrefix(wrong.Value, "number")) {
		return `: in YAML, a text such as "y", "no" or "12" stands in quotes`
	}
	return ""
}

// wanted names the values of a type.
func wanted(kind reflect.Kind) string {
	switch kind {
	case reflect.Int64, reflect.Int32:
		return "a whole number"
	case reflect.Slice:
		return "a list"
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	}
	return "an object"
}
