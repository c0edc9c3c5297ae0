// Package compose reads Compose files (docker compose) as a topology. It reads, and how it models:
//
//  1. Files are merged in order, as `-f a -f b` does, with variables, YAML anchors, extends, include, profiles, !reset
//     and !override. Variables come from [Options.Env], other files from [Options.Files], and from nowhere else.
//  2. A service is a component "cart" of kind "service" with a demand, which draws on its containers "cart/[1-3]" of
//     kind "container" in equal shares. (A service named as one of the kinds gets " (service)" behind its name.)
//  3. Its containers are as many as scale or deploy.replicas say, else one; services of 0 and those of profiles that
//     are not active are left out.
//  4. A container's capacity is its limit of CPUs, in cores; above it, it sheds. Its load is [Options.Load] of that,
//     else the CPUs it reserves. If these are not known, all is counted in replicas: each container can do the work of
//     one, and does that much, or Options.Load of it.
//  5. A limit of memory is a component "memory/cart/1" of kind "container memory" that trips, if a reservation says how
//     much is used at that load. What is used grows with the load.
//  6. depends_on is the order in which Compose starts: each container needs all containers of the other service, to
//     start. A service that others want completed is a job: its containers are of kind "job", and nothing is asked of
//     them. links and volumes_from are such an order too, and so is sharing a namespace (network_mode "service:x"),
//     which is needed for as long as the container runs. Where another waits until it is healthy, a container takes as
//     long to start as Docker would probe it at most.
//  7. What a service calls, it needs: the services it links to, and those whose address is in a variable that ends in
//     one of [Options.Variables]. How much load it passes on is not in the file; package calls attributes it.
//  8. All containers need the one host they run on. Under [Options.Swarm] where they run is not known, and depends_on
//     is no order, for Swarm takes no notice of it.
//
// Each thing that a file does not say, or that looks wrong, is a finding. Top-level jobs, which run when somebody says
// so, are no part of the fleet. What else a file says is not looked at.
//
// It does not build on compose-go, the reference loader. That names no line in its errors, keeps no order of services,
// writes to the log which variables are not set, reads label files from wherever a file says, and takes most of a minute
// for nine thousand brackets. Here a file that is hostile costs no more than one that is large.
package compose

import (
	"cmp"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// Options say what Compose files do not. The zero value works.
type Options struct {
	Env       map[string]string // variables, as the shell and the .env file give them: see [ReadEnv]
	Profiles  []string          // that are active, "*" for all; nil: what COMPOSE_PROFILES in Env says
	Files     fs.FS             // the folder of the first file, for extends, include and env_file; nil: no others
	Load      float64           // of each container with nothing lost, a fraction of its capacity; 0: what it reserves
	Variables []string          // suffixes of environment variables that hold addresses; nil: "_ADDR"
	Host      string            // the name of the machine that it all runs on; "": "host"
	Swarm     bool              // deployed by `docker stack deploy`, on machines that are not known
}

// Read reads Compose files, the later ones merged over those before. A file with a method Name, as *os.File has, is
// called so in faults.
//
// An error of a reader is returned as it is. Any other is a [topology.Faults], each with file, line and column: text
// that is not YAML; fields that cannot be what they are (Compose itself refuses more); a service, or a file that may
// have services, that is not found; services that wait for each other; files of more than 4 MiB, or that stand for
// more than a million values or a hundred thousand containers.
func Read(o Options, files ...io.Reader) (topology.Spec, topology.Findings, error) {
	l := newLoader(o)
	project, err := l.project(files)
	if err != nil {
		return topology.Spec{}, nil, err
	}
	var services []*service
	if !l.lost {
		services = l.services(project)
		l.checkHost(services)
	}
	if len(l.faults) > 0 {
		return topology.Spec{}, nil, l.sorted()
	}
	f := newFleet(o, services)
	spec := f.spec()
	spec.Name = project.name
	return spec, append(l.findings(), f.findings()...), nil
}

// checkHost reports a machine that is named as something else is.
func (l *loader) checkHost(services []*service) {
	taken := slices.Contains([]string{kindService, kindContainer, kindJob, kindMemory}, l.o.Host)
	for _, s := range services {
		taken = taken || l.o.Host == s.component()
	}
	if taken && l.o.Host != "" {
		l.fault(where{component: "Options", field: "Host"}, topology.NotUnique,
			"%s is the name of a service or a kind: give the machine another", l.o.Host)
	}
}

// A loader reads files, and keeps everything that is wrong with them.
type loader struct {
	o      Options
	faults topology.Faults
	shape  shape                // of a service
	opened []string             // names of files, in the order in which they were read
	others map[string]*document // that extends names, by path
	shared map[string]*value    // services of included files, by their paths
	values budget               // that are left to be read
	bytes  budget               // that may still be read, and put in for variables
	unset  ordered              // variables
	absent map[string]string    // files that were not read, and why
	marked bool                 // some value has !reset or !override
	lost   bool                 // a file that may have services could not be read
	names  ordered              // of these files
	odd    ordered              // fields that the specification does not have: "cart: depend_on"
	idle   []*service           // of profiles that are not active
}

// maxFaults are reported at most.
const maxFaults = 1000

func newLoader(o Options) *loader {
	if o.Variables == nil {
		o.Variables = []string{"_ADDR"}
	}
	if o.Profiles == nil {
		o.Profiles = strings.FieldsFunc(o.Env["COMPOSE_PROFILES"], func(r rune) bool { return r == ',' || r == ' ' })
	}
	l := &loader{
		o: o, shape: serviceShape(),
		others: map[string]*document{}, absent: map[string]string{}, shared: map[string]*value{},
		values: budget{left: 1_000_000}, bytes: budget{left: 32 << 20},
	}
	if o.Load != 0 && !(1e-6 <= o.Load && o.Load <= 1e6) {
		l.fault(where{component: "Options", field: "Load"}, topology.BadNumber,
			"%v is no fraction of a capacity: give a number from 0.000001 to 1000000, or 0", o.Load)
	}
	return l
}

// sorted returns the faults by their places, each once.
func (l *loader) sorted() topology.Faults {
	slices.SortStableFunc(l.faults, func(a, b topology.Fault) int {
		return cmp.Or(cmp.Compare(slices.Index(l.opened, a.File), slices.Index(l.opened, b.File)),
			cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.CompactFunc(l.faults, func(a, b topology.Fault) bool { return a.Error() == b.Error() })
}
