package compose

// A form is what may stand in a field.
type form int

const (
	text   form = iota // a text, a number or a boolean
	whole              // a text or a list of texts
	list               // a list, of which a single item may stand without brackets
	table              // a mapping to texts, or a list of KEY=VALUE
	named              // a mapping from names to fields, or a list of names
	fields             // a mapping
)

// A shape is what is read of a field; all else in it is passed over.
type shape struct {
	form  form
	of    map[string]shape // of fields, and of what is named
	each  *shape           // of a list
	short string           // the field that a text stands for, where a mapping may be written as a text
	plain []string         // fields and texts that a name without any stands for, in turn
}

func texts(names ...string) map[string]shape {
	of := map[string]shape{}
	for _, name := range names {
		of[name] = shape{}
	}
	return of
}

func serviceShape() shape {
	s := texts("scale", "cpus", "mem_limit", "mem_reservation", "network_mode", "pid", "ipc", "restart", "container_name")
	s["deploy"] = deployShape()
	s["depends_on"] = shape{form: named, of: texts("condition", "required"), plain: []string{"condition", started, "required", "true"}}
	s["environment"] = shape{form: table}
	s["env_file"] = shape{form: list, each: &shape{form: fields, short: "path", of: texts("path", "required")}}
	s["extends"] = shape{form: fields, short: "service", of: texts("service", "file")}
	s["healthcheck"] = shape{form: fields, of: texts("start_period", "interval", "timeout", "retries", "disable")}
	s["healthcheck"].of["test"] = shape{form: whole}
	s["networks"] = shape{form: named, of: map[string]shape{"aliases": {form: list, each: &shape{}}}}
	for _, name := range []string{"links", "volumes_from", "profiles"} {
		s[name] = shape{form: list, each: &shape{}}
	}
	return shape{form: fields, of: s}
}

func deployShape() shape {
	amounts := shape{form: fields, of: texts("cpus", "memory")}
	deploy := texts("replicas", "mode")
	deploy["resources"] = shape{form: fields, of: map[string]shape{"limits": amounts, "reservations": amounts}}
	deploy["restart_policy"] = shape{form: fields, of: texts("condition")}
	return shape{form: fields, of: deploy}
}

// includeShape is that of the top-level include.
func includeShape() shape {
	names := shape{form: list, each: &shape{}}
	one := shape{form: fields, short: "path", of: map[string]shape{"path": names, "env_file": names, "project_directory": {}}}
	return shape{form: list, each: &one}
}

// passedOver are the fields of a service that the specification has and that say nothing here.
const passedOver = ` annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command configs cpu_count
 cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares cpuset credential_spec develop
 device_cgroup_rules devices dns dns_opt dns_search domainname entrypoint expose external_links extra_hosts gpus
 group_add hostname image init isolation label_file labels logging mac_address mem_swappiness memswap_limit models
 oom_kill_disable oom_score_adj pids_limit platform ports post_start pre_start pre_stop privileged provider pull_policy
 pull_refresh_after read_only runtime secrets security_opt shm_size stdin_open stop_grace_period stop_signal storage_opt sysctls
 tmpfs tty ulimits umask use_api_socket user userns_mode uts volumes working_dir `
