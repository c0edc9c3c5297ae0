package compose

import (
	"fmt"

	"github.com/ridethrough/ridethrough/topology"
)

func (f *fleet) ofLoad() topology.Findings {
	counted := func(s *service) bool { _, _, unit := f.load(s); return unit == "replicas" }
	reserved := func(s *service) bool { return !counted(s) && f.o.Load == 0 }
	global := func(s *service) bool { return s.global }
	each := "that much"
	if f.o.Load > 0 {
		each = fmt.Sprintf("%v of it", f.o.Load)
	}
	return topology.Findings{{
		Class: topology.Assumed, Reason: CountedLoad, About: f.servers(counted), Field: "demand",
		Text: "what they do is not known, and was counted in replicas: each container can do the work of one, and does " + each,
	}, {
		Class: topology.Assumed, Reason: CountedLoad, Field: "capacity",
		About: f.containersOf(func(s *service) bool { return counted(s) && !s.job }),
		Text:  "how much each can do is not known, and was taken as the work of one replica",
	}, {
		Class: topology.Assumed, Reason: ReservedLoad, About: f.servers(reserved), Field: "demand",
		Text: "what they use is not known, and was taken as what their containers reserve: Options.Load or a measurement would say",
	}, {
		Class: topology.Suspect, Reason: OverReserved,
		About: f.servers(func(s *service) bool {
			return s.limit.cpus > 0 && s.reserved.cpus > s.limit.cpus || s.limit.memory > 0 && s.reserved.memory > s.limit.memory
		}),
		Text: "their containers reserve more than their limit allows them: Docker refuses that, or they never get it",
	}, {
		Class: topology.Assumed, Reason: OnePerNode, About: f.servers(global),
		Text: "deploy.mode global is one container on each machine; how many there are is not known, and one was taken",
	}}
}

func (f *fleet) ofMemory() topology.Findings {
	return topology.Findings{{
		Class: topology.Missing, Reason: MemoryLoad,
		About: f.servers(func(s *service) bool { return s.limit.memory > 0 && s.reserved.memory == 0 }),
		Text: "how much they use of their limit of memory is not known: " +
			"whether more load gets them killed was left out; deploy.resources.reservations.memory would say",
	}, {
		Class: topology.Assumed, Reason: ReservedBytes, About: f.servers((*service).tripsOnMemory),
		Text: "the memory they use was taken as what they reserve, and as growing with their load",
	}}
}

func (f *fleet) ofStart() topology.Findings {
	return topology.Findings{{
		Class: topology.Missing, Reason: StartTime,
		About: f.containersOf(func(s *service) bool { return s.healthy && s.probes == 0 && !f.o.Swarm }),
		Text: "others wait until they are healthy, and how that is probed is not in the file: they were taken to be so at once; " +
			"if the image does not say it either, Compose gives up",
	}, {
		Class: topology.Assumed, Reason: StartTime,
		About: f.containersOf(func(s *service) bool { return s.healthy && s.probes > 0 }),
		Text: "how long they take to be healthy is not known, and " +
			"was taken as the longest before Docker calls them unhealthy: start_period and the probe that ends after it, and " +
			"retries × (interval + timeout)",
	}}
}
