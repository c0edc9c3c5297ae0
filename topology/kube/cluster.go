package kube

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// A cluster is what is kept of the input, in the order in which it came.
type cluster struct {
	nodes       table[node]
	pods        table[pod]
	controllers table[controller]
	services    table[service]
	budgets     table[budget]
	scalers     table[scaler]
	classes     table[priorityClass]
	podUsage    map[string]amount // by namespace/name
	nodeUsage   map[string]amount // by name

	sets      map[string]*labelSet // by namespace and labels
	setsOrder []*labelSet
	shapes    map[ref]*shape // of the first pod of each controller
	texts     map[string]string
	replicas  int            // of all controllers, and pods
	skipped   map[string]int // objects of kinds that are not used
}

func newCluster() *cluster {
	return &cluster{podUsage: map[string]amount{}, nodeUsage: map[string]amount{}, sets: map[string]*labelSet{},
		shapes: map[ref]*shape{}, texts: map[string]string{}, skipped: map[string]int{}}
}

// empty reports whether there is nothing to make a component of.
func (c *cluster) empty() bool {
	return len(c.nodes.list) == 0 && len(c.pods.list) == 0 && len(c.controllers.list) == 0
}

// nothing says what was found instead.
func (c *cluster) nothing() string {
	const want = "no nodes, pods or workloads: " +
		"write `kubectl get nodes,pods,deployments,statefulsets,services -A -o json`, or give manifests"
	if len(c.skipped) == 0 {
		return want
	}
	var found []string
	for _, kind := range slices.Sorted(maps.Keys(c.skipped)) {
		found = append(found, fmt.Sprintf("%d × %s", c.skipped[kind], kind))
	}
	if len(found) > 5 {
		found = append(found[:5], "…")
	}
	return want + "; found " + strings.Join(found, ", ")
}

// A table keeps things in order, and finds them by key.
type table[T any] struct {
	list []T
	at   map[string]int
}

func (t *table[T]) get(key string) *T {
	if i, ok := t.at[key]; ok {
		return &t.list[i]
	}
	return nil
}

// put adds a thing, or puts it in the place of the one with its key.
func (t *table[T]) put(key string, thing T) {
	if old := t.get(key); old != nil {
		*old = thing
		return
	}
	if t.at == nil {
		t.at = map[string]int{}
	}
	t.at[key] = len(t.list)
	t.list = append(t.list, thing)
}

// A ref names an object in a namespace.
type ref struct{ kind, namespace, name string }

type node struct {
	name         string
	labels       map[string]string
	zone, region string // "" if not known
	zoneName     string // of its component
	allocatable  amount
	reserved     amount // capacity that is not allocatable
	notReady     bool
	taints       []corev1.Taint
}

// A phase is how far a pod has come.
type phase uint8

const (
	declared phase = iota // in a manifest
	serving               // runs and is ready
	running               // runs, and is not ready
	leaving               // is being deleted
	pending               // does not run, though it should
	finished              // has run to its end, or failed
)

type pod struct {
	namespace, name, node string
	owner                 ref    // its controller; zero for a bare pod
	revision              string // hash of the template, at the end of its ReplicaSet's name
	rollout               bool   // of Argo, whose ReplicaSets look like those of a Deployment
	labels                *labelSet
	resources             resources
	priority              priority
	phase                 phase
	batch                 bool // is not started again when it ends
	shape                 *shape
}

func (p *pod) key() string { return p.namespace + "/" + p.name }

// A controller is an object with replicas of a pod.
type controller struct {
	ref
	owner     ref
	live      bool // from a cluster, not from a manifest
	replicas  int64
	unset     bool // replicas are not stated
	scaled    bool // and are an autoscaler's least
	differs   bool // it is in the input twice, with different replicas
	first     int64
	labels    *labelSet
	resources resources
	priority  priority
	shape     *shape
}

// A priority is as the pod states it, or a class that does.
type priority struct {
	value int64
	given bool
	class string
}

// A shape is what the pods of a controller have in common.
type shape struct {
	env          [][]variable // by container
	nodeSelector map[string]string
	affinity     *corev1.NodeSelector
	tolerations  []corev1.Toleration
	spread       []corev1.TopologySpreadConstraint
}

// A labelSet is the labels that some pods, or some pods to be, of a namespace have.
type labelSet struct {
	namespace string
	labels    map[string]string
	pods      []*pod  // on a node, and not at their end; once they are known
	pools     []*pool // once they are known
	others    bool    // something else than a pool has them too: a DaemonSet, a workload scaled to nothing
}

type service struct {
	namespace, name string
	selector        map[string]string // nil: what it leads to is not in the cluster
	pools           []*pool           // behind it, once it is called
	pattern, anyOf  string            // all of these, one of these
}

type budget struct {
	namespace, name              string
	minAvailable, maxUnavailable *intstr.IntOrString
	selector                     *metav1.LabelSelector
}

type scaler struct {
	target ref
	min    int64
}

type priorityClass struct {
	name      string
	value     int64
	byDefault bool
}
