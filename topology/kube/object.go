package kube

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// The objects of Kubernetes, with the fields that the model needs. To decode a whole pod takes five times as long.

type objectMeta struct {
	Namespace         string                  `json:"namespace"`
	Name              string                  `json:"name"`
	GenerateName      string                  `json:"generateName"`
	UID               string                  `json:"uid"` // the API server gives it: manifests have none
	Labels            map[string]string       `json:"labels"`
	DeletionTimestamp *metav1.Time            `json:"deletionTimestamp"`
	OwnerReferences   []metav1.OwnerReference `json:"ownerReferences"`
}

// A meta is embedded in each object.
type meta struct {
	Metadata objectMeta `json:"metadata"`
}

func (m *meta) names() *objectMeta { return &m.Metadata }

type condition struct {
	Type   string `json:"type"`
	Status string `json:"status"`
}

type nodeObject struct {
	meta
	Spec struct {
		Taints []corev1.Taint `json:"taints"`
	} `json:"spec"`
	Status struct {
		Capacity    resourceList `json:"capacity"`
		Allocatable resourceList `json:"allocatable"`
		Conditions  []condition  `json:"conditions"`
	} `json:"status"`
}

type podObject struct {
	meta
	Spec   podSpec `json:"spec"`
	Status struct {
		Phase      string      `json:"phase"`
		Conditions []condition `json:"conditions"`
	} `json:"status"`
}

type podSpec struct {
	NodeName       string       `json:"nodeName"`
	RestartPolicy  string       `json:"restartPolicy"`
	Containers     []container  `json:"containers"`
	InitContainers []container  `json:"initContainers"`
	Overhead       resourceList `json:"overhead"`
	Resources      requirements `json:"resources"` // of the pod as a whole, before those of its containers

	Priority          *int64 `json:"priority"`
	PriorityClassName string `json:"priorityClassName"`

	NodeSelector map[string]string                 `json:"nodeSelector"`
	Affinity     *affinity                         `json:"affinity"`
	Tolerations  []corev1.Toleration               `json:"tolerations"`
	Spread       []corev1.TopologySpreadConstraint `json:"topologySpreadConstraints"`
}

type affinity struct {
	Node *struct {
		Required *corev1.NodeSelector `json:"requiredDuringSchedulingIgnoredDuringExecution"`
	} `json:"nodeAffinity"`
}

type container struct {
	Resources     requirements `json:"resources"`
	RestartPolicy string       `json:"restartPolicy"` // of an init container: Always makes it a sidecar
	Env           []variable   `json:"env"`
}

// A variable has a value unless it comes from elsewhere.
type variable struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	From  *struct {
		Field struct {
			Path string `json:"fieldPath"`
		} `json:"fieldRef"`
	} `json:"valueFrom"`
}

type requirements struct {
	Requests resourceList `json:"requests"`
	Limits   resourceList `json:"limits"`
}

type resourceList struct {
	CPU    quantity `json:"cpu"`
	Memory quantity `json:"memory"`
}

type podTemplate struct {
	Metadata objectMeta `json:"metadata"`
	Spec     podSpec    `json:"spec"`
}

// A controllerObject is a Deployment, or anything else with replicas of a template.
type controllerObject struct {
	meta
	Spec struct {
		Replicas *int64 `json:"replicas"`
		Ordinals struct {
			Start int64 `json:"start"`
		} `json:"ordinals"`
		Template podTemplate `json:"template"`
	} `json:"spec"`
}

type serviceObject struct {
	meta
	Spec struct {
		Type     string            `json:"type"`
		Selector map[string]string `json:"selector"`
	} `json:"spec"`
}

type budgetObject struct {
	meta
	Spec struct {
		MinAvailable   *intstr.IntOrString   `json:"minAvailable"`
		MaxUnavailable *intstr.IntOrString   `json:"maxUnavailable"`
		Selector       *metav1.LabelSelector `json:"selector"`
	} `json:"spec"`
}

type scalerObject struct {
	meta
	Spec struct {
		Target struct {
			Kind string `json:"kind"`
			Name string `json:"name"`
		} `json:"scaleTargetRef"`
		MinReplicas *int64 `json:"minReplicas"`
	} `json:"spec"`
}

type priorityClassObject struct {
	meta
	Value         int64 `json:"value"`
	GlobalDefault bool  `json:"globalDefault"`
}

type podMetricsObject struct {
	meta
	Containers []struct {
		Usage resourceList `json:"usage"`
	} `json:"containers"`
}

type nodeMetricsObject struct {
	meta
	Usage resourceList `json:"usage"`
}
