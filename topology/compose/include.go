package compose

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// include returns the services of files that another one includes.
func (l *loader) include(f *file, one *value, within []string) *value {
	p := &project{services: &value{}}
	var paths []string
	if list := one.get("path"); list != nil {
		for _, item := range list.items {
			paths = append(paths, beside(f.dir, item.text))
		}
	}
	if len(paths) == 0 {
		l.fault(one.where, topology.NotFound, "no path: write the name of a Compose file")
		return p.services
	}
	if slices.Contains(within, paths[0]) {
		l.fault(one.where, topology.NotUnique, "files include each other: %s", strings.Join(append(within, paths[0]), " includes "))
		return p.services
	}
	dir := path.Dir(paths[0])
	if given := one.textOf("project_directory"); given != "" {
		dir = beside(f.dir, given)
	}
	key := strings.Join(append(slices.Clone(paths), dir, one.textOf("project_directory"), envNames(f, one)), "\x00")
	if shared := l.shared[key]; shared != nil {
		return shared
	}
	env := l.includedEnv(f, one, dir)
	for _, name := range paths {
		if text, ok := l.open(name, one.where, true); ok {
			l.load(&file{name: name, dir: dir, env: env}, text, p, append(slices.Clone(within), paths[0]))
		}
	}
	l.shared[key] = p.services
	return p.services
}

// includedEnv returns the variables of an include: of its env_file or, if it has none, of .env in its folder.
func (l *loader) includedEnv(f *file, one *value, dir string) map[string]string {
	env := map[string]string{}
	maps.Copy(env, f.env)
	list := one.get("env_file")
	if list == nil {
		if text, err := l.readOther(beside(dir, ".env")); err == nil {
			l.env(env, text, beside(dir, ".env"))
		}
		return env
	}
	for _, item := range list.items {
		name := beside(f.dir, item.text)
		if text, ok := l.open(name, item.where, true); ok {
			l.env(env, text, name)
		}
	}
	return env
}

// env adds the variables of an env file.
func (l *loader) env(to map[string]string, text []byte, name string) {
	variables, faults := parseEnv(text, l.o.Env)
	l.other(name, faults)
	for _, v := range variables {
		to[v.name] = v.value
	}
}

// envNames tells includes apart that put other variables in.
func envNames(f *file, one *value) string {
	names := []string{f.dir, f.name}
	if f.env == nil {
		names = nil // it has no variables of its own
	}
	if list := one.get("env_file"); list != nil {
		for _, item := range list.items {
			names = append(names, beside(f.dir, item.text))
		}
	}
	return strings.Join(names, "\x00")
}
