// Package oracle holds topology/compose against compose-go, the reference loader, in a module of its own, so that the
// library does not depend on that.
package oracle

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/sirupsen/logrus"
	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/topology"
	"github.com/ridethrough/ridethrough/topology/compose"
)

// A service is what is compared of one that has containers.
type service struct {
	containers int
	job        bool
	waits      []string // services that must run before it starts, or while it runs
	calls      []string // services that it needs
}

// A project is what both loaders are given.
type project struct {
	dir      string // of its files
	files    fs.FS  // the same, or nil
	names    []string
	texts    []string
	env      map[string]string // variables, as topology/compose has them
	theirEnv map[string]string // as compose-go has them
	profiles []string
}

// ours returns what topology/compose reads.
func (p project) ours(t *testing.T) (map[string]service, error) {
	t.Helper()
	var files []io.Reader
	for i, text := range p.texts {
		files = append(files, named{strings.NewReader(text), p.names[i]})
	}
	spec, _, err := compose.Read(compose.Options{Env: p.env, Profiles: p.profiles, Files: p.files}, files...)
	if err != nil {
		return nil, err
	}
	_, err = topology.New(spec)
	require.NoError(t, err)
	return ofSpec(t, spec), nil
}

type named struct {
	io.Reader
	name string
}

func (n named) Name() string { return n.name }

func ofSpec(t *testing.T, spec topology.Spec) map[string]service {
	t.Helper()
	all, calls := map[string]service{}, map[string][]string{}
	for _, c := range spec.Components {
		switch c.Kind {
		case "service":
			calls[c.Name] = c.Needs
		case "container", "job":
			containers, err := topology.Expand(c.Name)
			require.NoError(t, err)
			var waits []string
			for _, pool := range slices.Concat(c.StartNeeds, c.Needs) {
				if name, _, ok := strings.Cut(pool, "/"); ok { // the host has none
					waits = append(waits, name)
				}
			}
			name := c.Labels["service"]
			all[name] = service{len(containers), c.Kind == "job", set(waits), set(calls[name])}
		}
	}
	return all
}

// theirs returns what compose-go reads.
func (p project) theirs() (map[string]service, error) {
	details := types.ConfigDetails{WorkingDir: p.dir, Environment: p.theirEnv}
	for i, text := range p.texts {
		file := types.ConfigFile{Filename: filepath.Join(p.dir, p.names[i]), Content: []byte(text)}
		details.ConfigFiles = append(details.ConfigFiles, file)
	}
	read, err := loader.LoadWithContext(context.Background(), details, func(o *loader.Options) {
		o.SetProjectName("p", true)
		o.Profiles = p.profiles
	})
	if err != nil {
		return nil, err
	}
	return ofProject(read), shares(read)
}

// shares returns an error if the service whose namespace another one shares is not active. For network_mode compose-go
// has looked; for pid and ipc Docker Compose looks for the container when it starts the other.
func shares(p *types.Project) error {
	for _, s := range p.Services {
		for _, mode := range []string{s.Pid, s.Ipc} {
			name, ok := strings.CutPrefix(mode, types.ServicePrefix)
			if _, active := p.Services[name]; ok && !active {
				return fmt.Errorf("service %q is not found for %q", name, mode)
			}
		}
	}
	return nil
}

// ofProject applies the rules of topology/compose to what compose-go read. That has put links, volumes_from and shared
// namespaces into depends_on already.
func ofProject(p *types.Project) map[string]service {
	all, jobs := map[string]service{}, map[string]bool{}
	for _, s := range p.Services {
		for name, wait := range s.DependsOn {
			jobs[name] = jobs[name] || wait.Condition == types.ServiceConditionCompletedSuccessfully
		}
	}
	for name, s := range p.Services {
		if s.GetScale() > 0 {
			one := service{containers: s.GetScale(), job: jobs[name], waits: set(started(p, waits(s)))}
			if !one.job {
				called := slices.DeleteFunc(calls(p, s), func(to string) bool { return to == name || jobs[to] })
				one.calls = set(started(p, called))
			}
			all[name] = one
		}
	}
	return all
}

// started returns those of the names that are services with containers.
func started(p *types.Project, names []string) []string {
	return slices.DeleteFunc(names, func(name string) bool {
		s, ok := p.Services[name]
		return !ok || s.GetScale() == 0
	})
}

func waits(s types.ServiceConfig) (names []string) {
	for name, wait := range s.DependsOn {
		if wait.Required {
			names = append(names, name)
		}
	}
	for _, mode := range []string{s.NetworkMode, s.Pid, s.Ipc} { // needed, though depends_on may say that it is not
		if name, ok := strings.CutPrefix(mode, types.ServicePrefix); ok {
			names = append(names, name)
		}
	}
	return names
}

// calls returns what a service has links to, and the hosts in its variables.
func calls(p *types.Project, s types.ServiceConfig) (names []string) {
	known := map[string]string{}
	for _, name := range slices.Backward(p.ServiceNames()) { // of two with the same name of a container, the first counts
		known[p.Services[name].ContainerName] = name
	}
	for name := range p.Services {
		known[name] = name
	}
	for _, link := range s.Links {
		name, alias, _ := strings.Cut(link, ":")
		known[alias] = name
		names = append(names, name)
	}
	delete(known, "")
	for variable, value := range s.Environment {
		if strings.HasSuffix(variable, "_ADDR") && value != nil {
			host, _, _ := strings.Cut(strings.TrimPrefix(*value, "http://"), ":")
			names = append(names, known[host])
		}
	}
	return names
}

// set returns the names in order, each once; nil for none.
func set(names []string) []string {
	if len(names) == 0 {
		return nil
	}
	names = slices.Clone(names)
	slices.Sort(names)
	return slices.Compact(names)
}

// silence keeps compose-go from writing to the log, until the test ends.
func silence(t *testing.T) {
	t.Helper()
	logger := logrus.StandardLogger()
	before := logger.Out
	logger.SetOutput(io.Discard)
	t.Cleanup(func() { logger.SetOutput(before) })
}
