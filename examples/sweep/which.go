package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// mostShards bounds into how many shards a screening is cut.
const mostShards = 1_000_000

// which returns the number of a shard, from 0, and how many there are.
func which(text string, shards int, env func(string) string) (number, of int, err error) {
	switch {
	case text != "auto":
		number, of, err = split(text)
	case env("SLURM_ARRAY_TASK_ID") != "":
		number, of, err = slurm(shards, env)
	case env("JOB_COMPLETION_INDEX") != "":
		number, of, err = kubernetes(shards, env)
	default:
		err = errors.New("-shard auto: neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set: write it as 0/100")
	}
	if err == nil && (number < 0 || number >= of || of > mostShards) {
		err = fmt.Errorf("there is no shard %d of %d: they are counted from 0, and are at most %d", number, of, mostShards)
	}
	return number, of, err
}

func split(text string) (number, of int, err error) {
	i, n, _ := strings.Cut(text, "/")
	number, errI := strconv.Atoi(i)
	of, errN := strconv.Atoi(n)
	if errI != nil || errN != nil {
		return 0, 0, fmt.Errorf(`-shard %s: write it as 0/100, or "auto"`, text)
	}
	return number, of, nil
}

// slurm counts the tasks of an array from its first. If some are done again, the array is another: then the number of all
// must be given, and tasks are counted from 0.
func slurm(shards int, env func(string) string) (number, of int, err error) {
	task, err := integer(env, "SLURM_ARRAY_TASK_ID")
	if err != nil || shards != 0 {
		return task, shards, err
	}
	if of, err = integer(env, "SLURM_ARRAY_TASK_COUNT"); err != nil {
		return 0, 0, err
	}
	first, err := integer(env, "SLURM_ARRAY_TASK_MIN")
	if err == nil && task-first >= of {
		err = fmt.Errorf("-shard auto: task %d of an array of %d from %d on: number tasks without gaps (--array=0-%d), or give -shards", task, of, first, of-1)
	}
	return task - first, of, err
}

func kubernetes(shards int, env func(string) string) (number, of int, err error) {
	if shards == 0 {
		return 0, 0, errors.New("-shard auto: Kubernetes does not tell how many there are: give -shards, as many as the completions of the job")
	}
	number, err = integer(env, "JOB_COMPLETION_INDEX")
	return number, shards, err
}

func integer(env func(string) string, name string) (int, error) {
	n, err := strconv.Atoi(env(name))
	if err != nil {
		return 0, fmt.Errorf("-shard auto: %s is %q, and no number", name, env(name))
	}
	return n, nil
}
