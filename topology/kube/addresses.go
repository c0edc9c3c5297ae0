package kube

import (
	"net"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

// addresses returns the variables of a workload whose names have one of the endings, with $(OTHER) filled in.
func (m *model) addresses(p *pool) (found []variable) {
	shape := p.shape()
	if shape == nil {
		return nil
	}
	endings := m.options.variables()
	for _, env := range shape.env {
		values := map[string]string{}
		known := func(name string) (string, bool) {
			if value, ok := values[name]; ok {
				return value, true
			}
			return m.ofService(p.namespace, name)
		}
		for _, v := range env {
			v.Value = m.valueOf(v, p.namespace, known)
			values[v.Name] = v.Value
			ends := func(ending string) bool { return strings.HasSuffix(v.Name, ending) }
			if v.Value != "" && slices.ContainsFunc(endings, ends) {
				found = append(found, v)
			}
		}
	}
	return found
}

// valueOf returns the value of a variable. One that is in no object of the input stays a name, which is no host.
func (m *model) valueOf(v variable, namespace string, known func(string) (string, bool)) string {
	switch {
	case v.From == nil:
		return expand(v.Value, known)
	case v.From.Field.Path == "metadata.namespace":
		return namespace
	}
	return "$(" + v.Name + ")"
}

// ofService returns the value of a variable that each pod has of the services in its namespace: CART_SERVICE_HOST and
// CART_SERVICE_PORT. The name of the service stands for its address, and any port for the port.
func (m *model) ofService(namespace, name string) (value string, known bool) {
	service, isHost := strings.CutSuffix(name, "_SERVICE_HOST")
	if !isHost {
		var isPort bool
		if service, _, isPort = strings.Cut(name, "_SERVICE_PORT"); !isPort {
			return "", false
		}
	}
	if m.links == nil {
		m.links = map[string]string{}
		for i := range m.services.list {
			s := &m.services.list[i]
			m.links[s.namespace+"/"+strings.ToUpper(strings.ReplaceAll(s.name, "-", "_"))] = s.name
		}
	}
	if value, known = m.links[namespace+"/"+service]; known && !isHost {
		value = "0"
	}
	return value, known
}

// shape returns what the pods of a workload have in common: as the workload says or, without it, one of its pods.
func (p *pool) shape() *shape {
	if p.from != nil && p.from.shape != nil {
		return p.from.shape
	}
	if len(p.pods) > 0 {
		return p.pods[0].shape
	}
	return nil
}

// maxValue bounds values that are made of others.
const maxValue = 1024

// expand fills in what is known, as the kubelet does: $(NAME), and $$ for a dollar. What is not known stays.
func expand(value string, known func(name string) (string, bool)) string {
	if !strings.Contains(value, "$") {
		return value
	}
	var b strings.Builder
	for rest := value; rest != "" && b.Len() < maxValue; {
		name, after, closed := strings.Cut(rest, ")")
		name, isName := strings.CutPrefix(name, "$(")
		filled, ok := "", false
		if isName && closed {
			filled, ok = known(name)
		}
		switch {
		case ok:
			b.WriteString(filled)
			rest = after
		case strings.HasPrefix(rest, "$$"):
			b.WriteByte('$')
			rest = rest[2:]
		default:
			b.WriteByte(rest[0])
			rest = rest[1:]
		}
	}
	return b.String()
}

// hosts returns the names of hosts in an address or, with commas, several: "a:80", "http://a.b/c", "a:1,b:1".
func hosts(value string) (found []string) {
	for part := range strings.SplitSeq(value, ",") {
		part = strings.TrimSpace(part)
		if _, after, ok := strings.Cut(part, "://"); ok {
			part = after
		}
		part, _, _ = strings.Cut(part, "/")
		part, _, _ = strings.Cut(part, "?")
		part = part[strings.LastIndexByte(part, '@')+1:]
		if host, _, err := net.SplitHostPort(part); err == nil {
			part = host
		}
		part = strings.ToLower(strings.TrimSuffix(part, "."))
		number := strings.Trim(part, "0123456789") == ""
		if len(validation.IsDNS1123Subdomain(part)) == 0 && part != "localhost" && !number {
			found = append(found, part)
		}
	}
	return found
}

// A where is what is known of a host.
type where uint8

const (
	here      where = iota // a service in the input, or an address of no interest
	elsewhere              // outside the input
	unheard                // a name that a service would have, and none has
)

// lookup finds the service of a host, as a pod of a namespace resolves it: svc, svc.ns, svc.ns.svc and so on, and
// pod.svc and so on for a pod of a headless service.
func (m *model) lookup(namespace, host string) (*service, where) {
	if ip := net.ParseIP(host); ip != nil {
		if ip.IsLoopback() || ip.IsUnspecified() {
			return nil, here
		}
		return nil, elsewhere
	}
	parts := strings.Split(host, ".")
	if i := slices.Index(parts, "svc"); i == 2 || i == 3 {
		parts = parts[:i]
		if s := m.services.get(parts[i-1] + "/" + parts[i-2]); s != nil {
			return s, here
		}
		return nil, unheard
	}
	var candidates []string
	switch len(parts) {
	case 1:
		candidates = []string{namespace + "/" + parts[0]}
	case 2:
		candidates = []string{parts[1] + "/" + parts[0], namespace + "/" + parts[1]}
	case 3:
		candidates = []string{parts[2] + "/" + parts[1]}
	}
	for _, key := range candidates {
		if s := m.services.get(key); s != nil {
			return s, here
		}
	}
	if len(parts) == 1 || len(parts) == 2 && m.isNamespace(parts[1]) {
		return nil, unheard
	}
	return nil, elsewhere
}

// isNamespace reports whether a workload of the input is in it.
func (m *model) isNamespace(name string) bool {
	_, ok := slices.BinarySearchFunc(m.pools, name, func(p *pool, name string) int {
		return strings.Compare(p.namespace, name)
	})
	return ok
}
