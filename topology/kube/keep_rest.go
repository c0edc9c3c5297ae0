package kube

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/ridethrough/ridethrough/topology"
)

func (c checker) node(o *nodeObject) {
	n := node{name: c.meta.Name, labels: c.meta.Labels, taints: o.Spec.Taints,
		zone:     c.domain("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"),
		region:   c.domain("topology.kubernetes.io/region", "failure-domain.beta.kubernetes.io/region"),
		notReady: !isTrue(o.Status.Conditions, "Ready", true),
	}
	n.allocatable = c.amount(o.Status.Allocatable, func() string { return "status.allocatable" })
	capacity := c.amount(o.Status.Capacity, func() string { return "status.capacity" })
	n.reserved = amount{max(0, capacity.cpu-n.allocatable.cpu), max(0, capacity.memory-n.allocatable.memory)}
	c.count("", 1)
	c.r.cluster.nodes.put(n.name, n)
}

// domain returns the value of the first label that is given.
func (c checker) domain(labels ...string) string {
	for _, label := range labels {
		value := c.meta.Labels[label]
		if len(validation.IsValidLabelValue(value)) > 0 {
			c.bad("metadata.labels."+label, topology.BadSyntax, "%s is no value of a label", short([]byte(value)))
		} else if value != "" {
			return c.r.cluster.text(value)
		}
	}
	return ""
}

// service keeps a service. One without a selector, or with the name of a host elsewhere, leads out of the cluster.
func (c checker) service(o *serviceObject) {
	s := service{namespace: c.meta.Namespace, name: c.meta.Name, selector: o.Spec.Selector}
	if o.Spec.Type == "ExternalName" || len(s.selector) == 0 {
		s.selector = nil
	}
	c.r.cluster.services.put(s.namespace+"/"+s.name, s)
}

func (c checker) budget(o *budgetObject) {
	b := budget{namespace: c.meta.Namespace, name: c.meta.Name, minAvailable: o.Spec.MinAvailable,
		maxUnavailable: o.Spec.MaxUnavailable, selector: o.Spec.Selector}
	if b.minAvailable == nil && b.maxUnavailable == nil {
		one := intstr.FromInt32(1)
		b.minAvailable = &one
	}
	c.checkPods("spec.minAvailable", b.minAvailable)
	c.checkPods("spec.maxUnavailable", b.maxUnavailable)
	if s := b.selector; s != nil {
		if _, err := metav1.LabelSelectorAsSelector(s); err != nil {
			c.bad("spec.selector", topology.BadSyntax, "%v", err)
		}
		if c.version == "policy/v1beta1" && len(s.MatchLabels)+len(s.MatchExpressions) == 0 { // selected nothing then
			b.selector = nil
		}
	}
	c.r.cluster.budgets.put(b.namespace+"/"+b.name, b)
}

// checkPods checks a number of pods, or a percentage of them.
func (c checker) checkPods(field string, value *intstr.IntOrString) {
	if value == nil {
		return
	}
	if n, err := intstr.GetScaledValueFromIntOrPercent(value, 100, true); err != nil || n < 0 {
		c.bad(field, topology.BadNumber, `%s: write a number of pods, or a part of them such as "50%%"`,
			short([]byte(value.String())))
	}
}

func (c checker) scaler(o *scalerObject) {
	s := scaler{target: ref{o.Spec.Target.Kind, c.meta.Namespace, o.Spec.Target.Name}, min: 1}
	if o.Spec.MinReplicas != nil {
		s.min = *o.Spec.MinReplicas
		c.count("spec.minReplicas", s.min)
	}
	c.r.cluster.scalers.put(s.target.key(), s)
}

func (c checker) priorityClass(o *priorityClassObject) {
	c.r.cluster.classes.put(c.meta.Name, priorityClass{c.meta.Name, o.Value, o.GlobalDefault})
}

// podMetrics adds up the containers of a pod. A pod of which one is not yet measured counts as far as it is.
func (c checker) podMetrics(o *podMetricsObject) {
	var sum amount
	for i := range o.Containers {
		sum = sum.plus(c.amount(o.Containers[i].Usage, func() string { return "containers.usage" }))
	}
	if len(o.Containers) > 0 {
		c.r.cluster.podUsage[c.meta.Namespace+"/"+c.meta.Name] = sum
	}
}

func (c checker) nodeMetrics(o *nodeMetricsObject) {
	c.r.cluster.nodeUsage[c.meta.Name] = c.amount(o.Usage, func() string { return "usage" })
}

// bound reports whether the pods of a controller serve nobody else: they belong to their node, or run to an end.
func bound(kind string) bool {
	return slices.Contains([]string{"DaemonSet", "Job", "CronJob", "Node"}, kind)
}
