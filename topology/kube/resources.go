package kube

import "fmt"

// resources are what a pod asks for and what it may use; 0 where that is not stated.
type resources struct {
	request   amount // of a pod that runs: containers, sidecars, overhead
	limit     amount // the same; 0 if a container has none, for then the pod has none
	scheduled amount // what the scheduler counts: the most that is requested at once, init containers included
}

// resources adds up a pod, as Kubernetes does: https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
// (#resource-sharing-within-containers). What the pod as a whole states goes before what its containers state, but for
// a limit without a request: that is the request only where no container has one.
func (c checker) resources(spec *podSpec, field string) resources {
	var s summer
	for i := range spec.InitContainers {
		one := &spec.InitContainers[i]
		r := c.requirements(one.Resources, nth(field+".initContainers", i))
		if one.RestartPolicy == "Always" {
			s.add(r)
			s.peak = s.peak.most(s.scheduled)
		} else {
			s.peak = s.peak.most(s.scheduled.plus(r.scheduled)) // beside the sidecars before it
		}
	}
	for i := range spec.Containers {
		s.add(c.requirements(spec.Containers[i].Resources, nth(field+".containers", i)))
	}
	pod := func() string { return field + ".resources" }
	overhead := c.amount(spec.Overhead, func() string { return field + ".overhead" })
	return s.total(c.amount(spec.Resources.Requests, func() string { return pod() + ".requests" }),
		c.amount(spec.Resources.Limits, func() string { return pod() + ".limits" }), overhead)
}

// nth says where an item of a list stands, if that is asked for.
func nth(field string, i int) func() string {
	return func() string { return fmt.Sprintf("%s[%d]", field, i) }
}

// requirements reads a container: what it requests, which is the limit where nothing else is said, and the limit.
func (c checker) requirements(l requirements, field func() string) (r resources) {
	r.scheduled = c.amount(l.Requests, func() string { return field() + ".resources.requests" })
	r.limit = c.amount(l.Limits, func() string { return field() + ".resources.limits" })
	r.request = r.scheduled.or(r.limit)
	if l.Requests.CPU == "" { // a request of 0 is one to the scheduler, though it says nothing of the load
		r.scheduled.cpu = r.limit.cpu
	}
	if l.Requests.Memory == "" {
		r.scheduled.memory = r.limit.memory
	}
	return r
}

// A summer adds containers up.
type summer struct {
	resources
	peak                         amount // of scheduled, until all init containers have ended
	unlimitedCPU, unlimitedBytes bool
}

func (s *summer) add(r resources) {
	s.request, s.limit = s.request.plus(r.request), s.limit.plus(r.limit)
	s.scheduled = s.scheduled.plus(r.scheduled)
	s.unlimitedCPU = s.unlimitedCPU || r.limit.cpu == 0
	s.unlimitedBytes = s.unlimitedBytes || r.limit.memory == 0
}

// total returns the sums, with what the pod as a whole states in their place, and with the overhead of its sandbox.
func (s *summer) total(request, limit, overhead amount) (r resources) {
	if s.unlimitedCPU {
		s.limit.cpu = 0
	}
	if s.unlimitedBytes {
		s.limit.memory = 0
	}
	r.request, r.limit = request.or(s.request).or(limit).plus(overhead), limit.or(s.limit)
	r.scheduled = request.or(s.scheduled.most(s.peak)).or(limit).plus(overhead)
	if r.limit.cpu > 0 {
		r.limit.cpu += overhead.cpu
	}
	if r.limit.memory > 0 {
		r.limit.memory += overhead.memory
	}
	return r
}
