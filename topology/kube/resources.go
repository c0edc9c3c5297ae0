package kube

import "fmt"

// resources are what a pod asks for and what it may use; 0 where that is not stated.
type resources struct {
	request   amount // of a pod that runs: containers, sidecars, overhead
	limit     amount // the same; 0 if a container has none, for then the pod has none
	scheduled amount // what the scheduler counts: the most that is requested at once, init containers included
}

// resources adds up a pod, as Kubernetes does: https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
// (#resource-sharing-within-containers). What the pod as a whole states goes before what its containers state.
func (c checker) resources(spec *podSpec, field string) resources {
	var s summer
	for i := range spec.InitContainers {
		one := &spec.InitContainers[i]
		request, limit := c.requirements(one.Resources, nth(field+".initContainers", i))
		if one.RestartPolicy == "Always" {
			s.add(request, limit)
			s.peak = s.peak.most(s.request)
		} else {
			s.peak = s.peak.most(s.request.plus(request)) // beside the sidecars before it
		}
	}
	for i := range spec.Containers {
		request, limit := c.requirements(spec.Containers[i].Resources, nth(field+".containers", i))
		s.add(request, limit)
	}
	request, limit := c.requirements(spec.Resources, func() string { return field })
	overhead := c.amount(spec.Overhead, func() string { return field + ".overhead" })
	return s.total(request, limit, overhead)
}

// nth says where an item of a list stands, if that is asked for.
func nth(field string, i int) func() string {
	return func() string { return fmt.Sprintf("%s[%d]", field, i) }
}

// requirements reads what is requested, which is the limit where nothing else is said, and the limit.
func (c checker) requirements(r requirements, field func() string) (request, limit amount) {
	request = c.amount(r.Requests, func() string { return field() + ".resources.requests" })
	limit = c.amount(r.Limits, func() string { return field() + ".resources.limits" })
	return request.or(limit), limit
}

// A summer adds containers up.
type summer struct {
	request, limit, peak         amount
	unlimitedCPU, unlimitedBytes bool
}

func (s *summer) add(request, limit amount) {
	s.request, s.limit = s.request.plus(request), s.limit.plus(limit)
	s.unlimitedCPU = s.unlimitedCPU || limit.cpu == 0
	s.unlimitedBytes = s.unlimitedBytes || limit.memory == 0
}

// total returns the sums, with what the pod as a whole states in their place, and with the overhead of its sandbox.
func (s *summer) total(request, limit, overhead amount) (r resources) {
	if s.unlimitedCPU {
		s.limit.cpu = 0
	}
	if s.unlimitedBytes {
		s.limit.memory = 0
	}
	r.request, r.limit = request.or(s.request), limit.or(s.limit)
	r.scheduled = request.or(s.request.most(s.peak)).plus(overhead)
	r.request = r.request.plus(overhead)
	if r.limit.cpu > 0 {
		r.limit.cpu += overhead.cpu
	}
	if r.limit.memory > 0 {
		r.limit.memory += overhead.memory
	}
	return r
}
