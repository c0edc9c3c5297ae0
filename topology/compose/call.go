package compose

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// An address is what a variable of a service names.
type address struct{ variable, host string }

// A directory finds services by the names under which containers reach each other.
type directory map[string]string

// calls finds out which services call which.
func (l *loader) calls(all []*service, services *value) {
	names := directory{}
	for _, s := range all {
		names[s.name] = s.name
	}
	for _, s := range all {
		for _, other := range append(aliases(services.fields[s.name]), s.containerNames...) {
			if _, taken := names[other]; !taken {
				names[other] = s.name
			}
		}
	}
	for _, s := range all {
		l.callsOf(s, services.fields[s.name], names)
	}
}

// aliases returns the names that a service has in its networks.
func aliases(v *value) (all []string) {
	if networks := v.get("networks"); networks != nil {
		for _, name := range networks.names {
			all = append(all, textsIn(networks.get(name, "aliases"))...)
		}
	}
	return all
}

func (l *loader) callsOf(s *service, v *value, names directory) {
	own := map[string]string{} // links give names that this service alone knows
	for _, link := range textsIn(v.get("links")) {
		to, alias, _ := strings.Cut(link, ":")
		if _, active := names[to]; active {
			own[alias] = to
			s.call(to)
		}
	}
	for _, a := range l.addresses(v) {
		to, ok := own[a.host]
		if !ok {
			to, ok = names[a.host]
		}
		switch {
		case ok:
			s.call(to)
		case isItself(a.host):
		case strings.Contains(a.host, "."), strings.Contains(a.host, ":"):
			s.outside = append(s.outside, a)
		default:
			s.unknown = append(s.unknown, a)
		}
	}
}

func (s *service) call(to string) {
	if to != s.name && !slices.Contains(s.calls, to) {
		s.calls = append(s.calls, to)
	}
}

// addresses returns the addresses in a service's variables: those of its env files, and over them those of
// environment.
func (l *loader) addresses(v *value) (all []address) {
	variables := &value{}
	if list := v.get("env_file"); list != nil {
		for _, one := range list.items {
			l.envFile(variables, one)
		}
	}
	if own := v.get("environment"); own != nil {
		for _, name := range own.names {
			variables.set(name, own.fields[name])
		}
	}
	for _, name := range variables.names {
		if one := variables.fields[name]; one.null && !one.reset {
			l.unset.add(name)
		} else {
			for _, host := range hosts(one.text) {
				all = append(all, address{name, host})
			}
		}
	}
	return all
}

// envFile adds the variables of an env file that hold addresses.
func (l *loader) envFile(to *value, one *value) {
	required := true
	if r := one.get("required"); r != nil {
		required = l.truth(r)
	}
	name := one.textOf("path")
	var text []byte
	var err error
	if required {
		var ok bool
		if text, ok = l.open(name, one.where, false); !ok {
			return
		}
	} else if text, err = l.readOther(name); err != nil {
		return
	}
	if !l.take(&l.bytes, len(text), one.where, "text") {
		return
	}
	variables, faults := parseEnv(text, l.o.Env)
	l.other(name, faults)
	for _, v := range variables {
		if l.address(v.name) {
			to.set(v.name, &value{text: v.value})
		}
	}
}

// other adds the faults of an env file.
func (l *loader) other(name string, faults topology.Faults) {
	if !slices.Contains(l.opened, name) {
		l.opened = append(l.opened, name)
	}
	for _, f := range faults {
		f.File = name
		l.faults = append(l.faults, f)
	}
}

// hosts returns the hosts of addresses such as "cart:7070", "http://user@cart/path", "user@tcp(db:3306)/shop" and
// "kafka-1:9092,kafka-2:9092".
func hosts(s string) (all []string) {
	for _, one := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
		if _, after, ok := strings.Cut(one, "://"); ok {
			one = after
		}
		if end := strings.IndexAny(one, "/?#"); end >= 0 {
			one = one[:end]
		}
		one = one[strings.LastIndexByte(one, '@')+1:]
		if _, after, ok := strings.Cut(one, "("); ok { // tcp(db:3306), as drivers of databases write it
			one, _, _ = strings.Cut(after, ")")
		}
		if strings.HasPrefix(one, "[") { // an IPv6 address
			one, _, _ = strings.Cut(one[1:], "]")
		} else if strings.Count(one, ":") == 1 {
			one, _, _ = strings.Cut(one, ":")
		}
		all = append(all, one)
	}
	return all
}

// isItself reports whether a host is the container that says it.
func isItself(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "" || host == "localhost" || host == "*" || err == nil && (ip.IsLoopback() || ip.IsUnspecified())
}
