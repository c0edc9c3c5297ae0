package compose

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// findings returns what was found while the files were read.
func (l *loader) findings() (all topology.Findings) {
	add := func(class topology.Class, reason topology.Reason, about []string, text string) {
		if len(about) > 0 {
			all = append(all, topology.Finding{Class: class, Reason: reason, About: about, Text: text})
		}
	}
	add(topology.Suspect, UnknownField, l.odd.all, "the Compose specification has no such field of a service, and it was passed over")
	add(topology.Missing, UnsetVariable, l.unset.all, "no value is given for these variables: "+
		"taken as empty, as Compose does, and an address that one of them holds is not known; the .env file may have them")
	for _, why := range l.reasons() {
		var about []string
		for _, name := range l.names.all {
			if l.absent[name] == why {
				about = append(about, name)
			}
		}
		add(topology.Missing, NotRead, about, "not read, and what stands there was left out: "+why)
	}
	var about, profiles []string
	for _, s := range l.idle {
		about, profiles = append(about, s.name), append(profiles, s.profiles...)
	}
	slices.Sort(profiles)
	add(topology.Missing, InactiveProfile, about, "left out, for no profile of theirs is active: "+list3(slices.Compact(profiles)))
	return all
}

// reasons returns why files were not read, each once.
func (l *loader) reasons() (all []string) {
	for _, name := range l.names.all {
		if !slices.Contains(all, l.absent[name]) {
			all = append(all, l.absent[name])
		}
	}
	return all
}

// list3 names three texts, and how many more there are.
func list3(all []string) string {
	if len(all) <= 3 {
		return strings.Join(all, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(all[:3], ", "), len(all)-3)
}

// findings returns what the services leave open.
func (f *fleet) findings() topology.Findings {
	all := slices.Concat(f.ofRunning(), f.ofNeeds(), f.ofAddresses(), f.ofLoad(), f.ofMemory(), f.ofStart())
	return slices.DeleteFunc(all, func(finding topology.Finding) bool { return len(finding.About) == 0 })
}

// servers returns the components of the services that run and of which something is true.
func (f *fleet) servers(is func(*service) bool) (about []string) {
	for _, s := range f.services {
		if s.replicas > 0 && !s.job && is(s) {
			about = append(about, s.component())
		}
	}
	return about
}

// containersOf returns the containers of the services of which something is true.
func (f *fleet) containersOf(is func(*service) bool) (about []string) {
	for _, s := range f.services {
		for i := range s.replicas {
			if is(s) {
				about = append(about, fmt.Sprintf("%s/%d", s.name, i+1))
			}
		}
	}
	return about
}

func (f *fleet) ofRunning() topology.Findings {
	var host, stopped []string
	if f.host != "" {
		host = []string{f.host}
	}
	for _, s := range f.services {
		if s.replicas == 0 {
			stopped = append(stopped, s.name)
		}
	}
	placed := topology.Finding{Class: topology.Suspect, Reason: OneHost, About: host,
		Text: "everything runs on this one machine: its loss takes all down, however many containers a service has"}
	if f.o.Swarm {
		placed = topology.Finding{Class: topology.Missing, Reason: Placement,
			About: f.containersOf(func(*service) bool { return true }),
			Text:  "on which machines of the swarm they run is not in the file: the loss of a machine cannot be looked at"}
	}
	return topology.Findings{placed, {
		Class: topology.Suspect, Reason: NoRestart, About: f.servers(func(s *service) bool { return s.restart == never }),
		Text: `they do not come back by themselves when they end, or with the machine: that takes restart: "unless-stopped" or the like`,
	}, {
		Class: topology.Suspect, Reason: NoRestart, About: f.servers(func(s *service) bool { return s.restart == failed }),
		Text: `on-failure starts them again when they fail, and by Docker's manual not when the machine or Docker comes back: ` +
			`that takes restart: "unless-stopped" or the like`,
	}, {
		Class: topology.Missing, Reason: NotStarted, About: stopped,
		Text: "scaled to 0 containers, and left out: what waits for them or calls them was taken to do without",
	}}
}

func (f *fleet) ofNeeds() topology.Findings {
	waits, uncalled, order := 0, 0, topology.Finding{
		Class: topology.Suspect, Reason: RebootOrder,
		About: f.servers(func(s *service) bool { return s.restart == always && len(s.waits) > 0 && !f.o.Swarm }),
		Text: "depends_on counts for `docker compose up` only: when the machine comes back, " +
			"Docker starts them without waiting for what they depend on",
	}
	if f.o.Swarm {
		order.About = f.servers(func(s *service) bool { return len(s.waits) > 0 })
		order.Text = "Swarm takes no notice of depends_on: all is started at once, and the order was left out"
	}
	var optional []string
	about := f.servers(func(s *service) bool {
		before := uncalled
		for _, w := range s.waits {
			if w.optional {
				optional = append(optional, s.name+": "+w.to)
			}
			if !w.optional && !f.byName[w.to].job && f.byName[w.to].replicas > 0 {
				waits++
				if !slices.Contains(s.calls, w.to) && !slices.Contains(s.joins, w.to) {
					uncalled++
				}
			}
		}
		return uncalled > before
	})
	return topology.Findings{order, {
		Class: topology.Missing, Reason: Optional, About: optional,
		Text: "depends_on with required: false: no need, for Compose starts the one without the other",
	}, {
		Class: topology.Missing, Reason: RunTimeNeed, About: about,
		Text: fmt.Sprintf("depends_on is only the order of starting: for %d of its %d entries it is not known "+
			"whether the other service is needed later, since no address in a variable names it", uncalled, waits),
	}}
}

func (f *fleet) ofAddresses() topology.Findings {
	var unknown, outside ordered
	var of, beyond []string
	for _, s := range f.services {
		if s.replicas > 0 {
			for _, a := range s.unknown {
				unknown.add(a.host)
				of = append(of, a.variable+" of "+s.name)
			}
			for _, a := range s.outside {
				outside.add(a.host)
				beyond = append(beyond, a.variable+" of "+s.name)
			}
		}
	}
	return topology.Findings{{
		Class: topology.Missing, Reason: UnknownHost, About: unknown.all,
		Text: "no active service has such a name or alias, and what is called there was left out: " + list3(of),
	}, {
		Class: topology.Missing, Reason: Outside, About: outside.all,
		Text: "an address outside the files; that it is needed was left out: " + list3(beyond),
	}, {
		Class: topology.Assumed, Reason: CallIsNeed,
		About: f.servers(func(s *service) bool { return len(s.calls) > 0 }),
		Text: "they were taken to need every service whose address a variable or a link gives them: " +
			"where one can do without another, take the need out",
	}}
}
