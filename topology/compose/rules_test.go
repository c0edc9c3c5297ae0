package compose

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
)

// summary writes a spec in short: "web×2 joins db/1 waits cart/1 calls cart; …", jobs as "job migrate×1".
func summary(t *testing.T, spec topology.Spec) string {
	t.Helper()
	var all []string
	calls := map[string]topology.Names{}
	for _, c := range spec.Components {
		switch c.Kind {
		case kindService:
			calls[strings.TrimSuffix(c.Name, " (service)")] = c.Needs
		case kindContainer, kindJob:
			names, err := topology.Expand(c.Name)
			require.NoError(t, err)
			name, _, _ := strings.Cut(c.Name, "/")
			one := fmt.Sprint(name, "×", len(names))
			if c.Kind == kindJob {
				one = "job " + one
			}
			for _, part := range []struct {
				word  string
				names topology.Names
			}{{"joins", c.Needs[1:]}, {"waits", c.StartNeeds}, {"calls", calls[name]}} {
				if len(part.names) > 0 {
					one += " " + part.word + " " + strings.Join(part.names, " ")
				}
			}
			all = append(all, one)
		}
	}
	return strings.Join(all, "; ")
}

// The rules, one by one, in short: Compose wants more, such as an image of each service and a condition in each mapping
// of depends_on. The module internal/oracle holds whole files against compose-go.
func TestRules(t *testing.T) {
	for _, test := range []struct {
		what, want string
		files      []string
	}{
		{"scale and replicas", "a×1; b×2; c×3; d×2", []string{`services: {a: , b: {scale: 2}, c: {deploy: {replicas: "3"}}, d: {scale: 2, deploy: {replicas: 2}}}`}},
		{"0 is not waited for", "b×1", []string{`services: {a: {scale: 0}, b: {depends_on: [a], environment: {A_ADDR: a}}}`}},
		{"one number twice", "a×2; b×1", []string{`services: {a: {scale: 2, deploy: {replicas: "02"}}, b: {cpus: 0.5, mem_limit: 1g, deploy: {resources: {limits: {cpus: "0.50", memory: 1024M}}}}}`}},
		{"0 is not given", "a×1", []string{`services: {a: {cpus: 0, mem_limit: 0, mem_reservation: "0", deploy: {resources: {limits: {cpus: 1, memory: 1g}, reservations: {memory: 1k}}}}}`}},
		{"two documents", "a×2; b×1", []string{"services: {a: {scale: 1}}\n---\nservices: {a: {scale: 2}, b: }"}},
		{"lists are put together", "a×1; b×1; c×1 waits a/1 b/1 calls a b", []string{`services: {a: , b: , c: {links: [a]}}`, `services: {c: {links: [a, b]}}`}},
		{"list over mapping", "a×1; b×1; c×1 waits a/1 b/1", []string{`services: {a: , b: , c: {depends_on: {a: {required: false}}}}`, `services: {c: {depends_on: [b, a]}}`}},
		{"mapping over list", "a×1; b×1; c×1 waits b/1", []string{`services: {a: , b: , c: {depends_on: [a, b]}}`, `services: {c: {depends_on: {a: {required: false}}}}`}},
		{"nothing over something", "a×1; b×1 waits a/1", []string{`services: {a: , b: {depends_on: [a]}}`, `services: {b: {depends_on: }}`}},
		{"reset", "a×1; b×1", []string{`services: {a: , b: {depends_on: [a], scale: 3}}`, `services: {b: {depends_on: !reset [], scale: !reset }}`}},
		{"reset of one", "a×1; b×1; c×1 waits b/1", []string{`services: {a: , b: , c: {depends_on: {a: , b: }}}`, `services: {c: {depends_on: {a: !reset }}}`}},
		{"reset of a service", "a×1", []string{`services: {a: , b: }`, `services: {b: !reset }`}},
		{"override", "a×1; b×1; c×1 waits b/1", []string{`services: {a: , b: , c: {depends_on: [a]}}`, `services: {c: {depends_on: !override [b]}}`}},
		{"override of a service", "a×1; b×1", []string{`services: {a: , b: {scale: 3, depends_on: [a]}}`, `services: {b: !override {image: x}}`}},
		{"variables over variables", "a×1; b×1; c×1 calls b", []string{`services: {a: , b: , c: {environment: [X_ADDR=a]}}`, `services: {c: {environment: {X_ADDR: b}}}`}},
		{"extends", "a×2; b×2 waits a/[1-2]; c×1 waits a/[1-2] b/[1-2]", []string{`services: {a: {scale: 2}, b: {extends: a, depends_on: [a]}, c: {extends: {service: b}, depends_on: [b], scale: 1}}`}},
		{"marks are not inherited", "a×1; b×1; c×1 waits a/1 b/1 calls a b", []string{`services: {a: , b: , c: {links: [a]}}`, `services: {x: {links: !override [b], scale: 0}, c: {extends: x, scale: !reset }}`}},
		{"inherited profile", "a×1", []string{`services: {a: , b: {profiles: [p]}, c: {extends: b}}`}},
		{"merge keys", "a×2; b×3 waits a/[1-2]", []string{"x: &x {scale: 2}\ny: &y {scale: 3, depends_on: [a]}\nservices: {a: *x, b: {<<: [*y, *x]}}"}},
		{"a job", "job a×1; b×1 waits a/1", []string{`services: {a: , b: {depends_on: {a: {condition: service_completed_successfully}}, environment: {A_ADDR: a}}}`}},
		{"optional and not active", "a×1; b×1 waits a/1", []string{`services: {a: , b: {depends_on: {a: , c: {required: "false"}, none: {required: false}}, links: [c]}, c: {profiles: [p]}}`}},
		{"namespaces", "a×2; b×1 joins a/1; c×1 joins b/1 a/1; d×1; e×1", []string{`services: {a: {scale: 2}, b: {network_mode: "service:a"}, c: {pid: "service:b", ipc: "service:a"}, d: {network_mode: host}, e: {network_mode: "container:x"}}`}},
		{"volumes", "a×1; container×1; b×1 waits a/1", []string{`services: {a: , container: , b: {volumes_from: [a:ro, container:b]}}`}},
		{"names", "a×1; b×1 calls a; c×1 calls a; d×1 waits a/1 calls a; e×1", []string{`services: {a: {container_name: x, networks: {n: {aliases: [y]}}}, b: {environment: [X_ADDR=x]}, c: {environment: [Y_ADDR=y]}, d: {links: ["a:z"], environment: [Z_ADDR=z]}, e: {environment: [A_ADDR=z, E_ADDR=e]}}`}},
		{"kinds", "service×1; container×1 calls service (service); job×1; host×1 waits service/1 calls service (service)", []string{`services: {service: , container: {environment: [A_ADDR=service]}, job: , host: {links: [service]}}`}},
		{"not a service", "a×1", []string{"services: {a: , x-b: {scale: 2}}\njobs: {b: {depends_on: [none]}}\nx-c: !!weird [*undefined]"}},
	} {
		var files []io.Reader
		for _, text := range test.files {
			files = append(files, strings.NewReader(text))
		}
		spec, _, err := Read(Options{}, files...)
		if test.what == "not a service" {
			require.ErrorContains(t, err, "unknown anchor")
			continue
		}
		require.NoError(t, err, test.what)
		require.Equal(t, test.want, summary(t, spec), test.what)
		_, err = topology.New(spec)
		require.NoError(t, err, test.what)
	}
}

// Whether a container comes back, and how long it may take to be healthy: start_period + timeout (of a probe that begins
// before its end, and does not count) + retries × (interval + timeout),
// by Docker's defaults 0 + 3 × (30 s + 30 s).
func TestRestartAndHealth(t *testing.T) {
	const down, reboot = "do not come back", "not when the machine or Docker comes back"
	for text, want := range map[string]string{
		`{}`: down, `{restart: "no"}`: down, `{restart: no}`: down, `{restart: always}`: "", `{restart: unless-stopped}`: "",
		`{restart: "on-failure:3"}`: reboot, `{deploy: {restart_policy: {condition: none}}}`: down,
		`{deploy: {restart_policy: {condition: any}}}`: "", `{deploy: {restart_policy: {condition: on-failure}}}`: reboot,
		`{deploy: {restart_policy: {}}}`: "", `{restart: "no", deploy: {restart_policy: {condition: any}}}`: "",
		`{restart: always, deploy: {restart_policy: {condition: none}}}`: down,
	} {
		_, findings, err := Read(Options{}, strings.NewReader("services: {a: "+text+"}"))
		require.NoError(t, err, text)
		require.Equal(t, want == down, strings.Contains(findings.String(), down), text)
		require.Equal(t, want == reboot, strings.Contains(findings.String(), reboot), text)
		swarm, findings, err := Read(Options{Swarm: true}, strings.NewReader("services: {a: "+text+"}"))
		require.NoError(t, err, swarm)
		require.Equal(t, strings.Contains(text, "none"), strings.Contains(findings.String(), "come back"), text)
	}
	for text, want := range map[string]string{
		"{}": "3m0s", "{interval: 5s, timeout: 1s, retries: 4, start_period: 10s}": "35s", "{test: NONE}": "0s", "{test: [NONE]}": "0s",
		"{disable: true}": "0s", "{disable: false, retries: 0, interval: 0s}": "3m0s", "{test: [CMD, x], retries: 1}": "1m0s",
	} {
		spec, _, err := Read(Options{}, strings.NewReader("services: {a: {healthcheck: "+text+"}, b: {depends_on: {a: {condition: service_healthy}}}}"))
		require.NoError(t, err)
		require.Equal(t, want, spec.Components[2].Start.Boot.String(), text)
	}
	spec, _, err := Read(Options{}, strings.NewReader("services: {a: {healthcheck: {}}, b: {depends_on: [a]}}"))
	require.NoError(t, err)
	require.Zero(t, spec.Components[2].Start.Boot) // nobody waits until it is healthy
	for text, known := range map[string]bool{"": false, "healthcheck: {test: [CMD, x]}": true, "healthcheck: {disable: true}": false} {
		_, findings, err := Read(Options{}, strings.NewReader("services: {a: {"+text+"}, b: {depends_on: {a: {condition: service_healthy}}}}"))
		require.NoError(t, err)
		require.Equal(t, !known, strings.Contains(findings.String(), "missing: a/1: others wait until they are healthy"), text)
	}
	for _, bad := range []string{"{retries: 1000001, interval: 1ns, timeout: 1ns}", "{retries: 1000000, interval: 1h, timeout: 1s}"} {
		_, _, err = Read(Options{}, strings.NewReader("services: {a: {healthcheck: "+bad+"}}"))
		require.ErrorContains(t, err, "1:29: a: healthcheck.retries: bad number: all retries together take more than 100 years")
	}
}

// Nothing is needed later of what ends, or is not started.
func TestRunTimeNeed(t *testing.T) {
	_, findings, err := Read(Options{}, strings.NewReader(`services: {a: , none: {scale: 0}, job: ,
		b: {depends_on: {job: {condition: service_completed_successfully}}}, c: {depends_on: [job, none]}, d: {depends_on: [a, job]}}`))
	require.NoError(t, err)
	require.Contains(t, findings.String(), "missing: d: depends_on is only the order of starting: for 1 of its 1 entries")
}

// A project that starts nothing is none.
func TestNothingStarts(t *testing.T) {
	for _, text := range []string{"services: {a: {scale: 0}}", "services: {a: {profiles: [p]}, b: {scale: 0}}"} {
		_, _, err := Read(Options{}, strings.NewReader(text))
		require.EqualError(t, err, "file 1:1:15: services: not found: nothing is started: all services are scaled to 0, or in profiles that are not active")
	}
}

// A service whose namespace is shared must be there, whatever depends_on says.
func TestNamespaceOfInactive(t *testing.T) {
	const on = "depends_on: {b: {required: false}}, "
	for field, want := range map[string]string{
		`network_mode: "service:b"`: "1:66: a: network_mode", `pid: "service:b"`: "1:57: a: pid", `ipc: "service:b"`: "1:57: a: ipc",
	} {
		_, _, err := Read(Options{}, strings.NewReader("services: {a: {"+on+field+"}, b: {profiles: [p, q]}}"))
		require.EqualError(t, err, "file 1:"+want+": not found: service b is only in the profile p, q, which is not active: make it active")
	}
}

// What is reserved may be all of the limit, and not more.
func TestOverReserved(t *testing.T) {
	for amounts, over := range map[string]bool{
		"cpus: 1, memory: 1k}, reservations: {cpus: 1, memory: 1k": false, "cpus: 1}, reservations: {cpus: 1.01": true,
		"memory: 1023}, reservations: {memory: 1k": true, "}, reservations: {cpus: 2, memory: 2k": false,
	} {
		_, findings, err := Read(Options{}, strings.NewReader("services: {a: {deploy: {resources: {limits: {"+amounts+"}}}}}"))
		require.NoError(t, err)
		require.Equal(t, over, slices.ContainsFunc(findings, func(f topology.Finding) bool { return f.Reason == OverReserved }), amounts)
	}
}

// Findings about loads go when a measurement answers them; what is assumed is an error for those who assume nothing.
func TestSettled(t *testing.T) {
	_, findings, err := Read(Options{}, strings.NewReader("services: {a: {scale: 2}, b: }"))
	require.NoError(t, err)
	require.Error(t, findings.Strict())
	left := findings.Settle("demand", "a", "b").Settle("capacity", "a/1", "a/2")
	require.EqualError(t, left.Strict(), "b/1: capacity: counted load: how much each can do is not known, and was taken as the work of one replica")
	require.NoError(t, left.Settle("capacity", "b/1").Strict())
}

// What a container can do, what it does, and its memory.
func TestLoads(t *testing.T) {
	for _, test := range []struct {
		o              Options
		deploy         string
		demand, each   float64
		unit           string
		memory, atLoad float64 // bytes; at the demand with nothing lost
	}{
		{Options{}, "{}", 2, 1, "replicas", 0, 0},
		{Options{Load: 0.25}, "{}", 0.5, 1, "replicas", 0, 0},
		{Options{}, "{resources: {limits: {cpus: 4}}}", 2, 1, "replicas", 0, 0},
		{Options{}, "{resources: {reservations: {cpus: 4}}}", 2, 1, "replicas", 0, 0},
		{Options{}, "{resources: {limits: {cpus: 4}, reservations: {cpus: 1}}}", 2, 4, "cores", 0, 0},
		{Options{Load: 0.75}, "{resources: {limits: {cpus: 4}, reservations: {cpus: 1}}}", 6, 4, "cores", 0, 0},
		{Options{Load: 0.75}, "{resources: {limits: {cpus: 4, memory: 1k}, reservations: {memory: 768}}}", 6, 4, "cores", 1024, 768},
		{Options{}, "{resources: {limits: {memory: 1k}}}", 2, 1, "replicas", 0, 0},
		{Options{}, "{resources: {reservations: {memory: 1k}}}", 2, 1, "replicas", 0, 0},
	} {
		spec, _, err := Read(test.o, strings.NewReader("services: {a: {scale: 2, deploy: "+test.deploy+"}}"))
		require.NoError(t, err)
		fleet, err := topology.New(spec)
		require.NoError(t, err)
		service, container := fleet.Component(1), fleet.Component(2)
		require.Equal(t, test.demand, service.Demand, test.deploy)
		require.Equal(t, test.each, container.Capacity, test.deploy)
		require.Equal(t, test.unit, container.Unit, test.deploy)
		require.True(t, container.Overload.Shed)
		if memory, ok := fleet.Lookup("memory/a/2"); ok {
			require.Equal(t, test.memory, fleet.Capacity(memory))
			require.InDelta(t, test.atLoad, fleet.Flow(topology.State{}).Load[memory], 1e-9)
			require.False(t, fleet.Overload(memory).Shed)
		} else {
			require.Zero(t, test.memory, test.deploy)
		}
	}
}
