package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/ridethrough/ridethrough/cascade"
)

// A family of 161,700 cases.
var many = []string{"-lose", "any 3 of server + load 1.33", "-workers", "2"}

func shardArgs(number, of int, folder string) []string {
	return append([]string{"-shard", fmt.Sprintf("%d/%d", number, of), "-out", folder}, append(many, "testdata/uneven.yaml")...)
}

func names(t *testing.T, folder string) (names []string) {
	files, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, f := range files {
		names = append(names, f.Name())
	}
	return names
}

// Shards put together are what one run prints.
func TestMergedShardsAreTheWhole(t *testing.T) {
	wantStatus, want, _ := ask(t, append(many, "-json", "testdata/uneven.yaml")...)
	folder := t.TempDir()
	for number := range 5 {
		status, _, problems := ask(t, shardArgs(number, 5, folder)...)
		require.Equal(t, 0, status)
		require.Equal(t, fmt.Sprintf("wrote %s/shard-%d-of-5.json\n", folder, number), problems)
	}
	require.Len(t, names(t, folder), 5)
	status, out, _ := ask(t, "-json", "-merge", folder)
	require.Equal(t, wantStatus, status)
	require.Equal(t, want, out)
}

// A shard that was killed goes on where it stopped, and ends as if it had not been.
func TestKilledShardGoesOn(t *testing.T) {
	folder, other := t.TempDir(), t.TempDir()
	_, want, _ := ask(t, shardArgs(1, 2, other)...)
	killed := 0
	for kill := 1; ; kill++ {
		status, out, problems := call{}.run(ending{t.Context(), folder, 10 * kill}, shardArgs(1, 2, folder)...)
		if status == 0 {
			require.Contains(t, problems, "pieces were done already")
			require.Equal(t, want, out)
			break
		}
		killed++
		require.Equal(t, 1, status, problems)
		require.Contains(t, problems, fmt.Sprintf("%d of 64 pieces are done: the same command goes on from there", 10*kill))
		require.Contains(t, problems, context.Canceled.Error())
		require.Contains(t, out, "of 161,700 scenarios")
		require.Contains(t, out, "(not determined)")
		require.Len(t, names(t, folder), 10*kill)
		status, _, problems = ask(t, "-merge", folder)
		require.Equal(t, 2, status)
		require.Contains(t, problems, "there is no shard in it")
	}
	require.Equal(t, 6, killed)
	require.Equal(t, []string{"shard-1-of-2.json"}, names(t, folder))
	same, err := os.ReadFile(filepath.Join(folder, "shard-1-of-2.json"))
	require.NoError(t, err)
	wanted, err := os.ReadFile(filepath.Join(other, "shard-1-of-2.json"))
	require.NoError(t, err)
	require.Equal(t, string(wanted), string(same))
}

// An ending context ends when there are so many files in a folder.
type ending struct {
	context.Context
	folder string
	files  int
}

func (c ending) Err() error {
	if files, err := os.ReadDir(c.folder); err == nil && len(files) >= c.files {
		return context.Canceled
	}
	return nil
}

// Whatever is wrong with a file, it is named.
func TestShardsThatDoNotGoTogether(t *testing.T) {
	folder := t.TempDir()
	for number := range 3 {
		_, _, problems := ask(t, shardArgs(number, 3, folder)...)
		require.Contains(t, problems, "wrote")
	}
	file := func(number int) string { return shardFile(folder, number, 3) }
	whole, err := os.ReadFile(file(1))
	require.NoError(t, err)
	first, err := os.ReadFile(file(0))
	require.NoError(t, err)
	put := func(number int, text []byte) { require.NoError(t, os.WriteFile(file(number), text, 0o644)) }
	both := func(want string) {
		t.Helper()
		for _, args := range [][]string{{"-merge", folder}, shardArgs(1, 3, folder)} {
			status, out, problems := ask(t, args...)
			require.Equal(t, 2, status, problems)
			require.Empty(t, out)
			require.Contains(t, problems, file(1)+want)
		}
	}
	put(1, whole[:len(whole)/2])
	both(" is not whole: unexpected end of JSON input: remove it, and do it again")
	put(1, nil)
	both(" is not whole: unexpected end of JSON input")
	put(1, first)
	both(" should be of items 53900 to 107799, and is of 0 to 53899: remove it, and do it again")

	_, _, problems := ask(t, "-shard", "1/3", "-out", t.TempDir(), "-lose", "any 2 of server", "testdata/uneven.yaml")
	written := strings.TrimSpace(strings.TrimPrefix(problems, "wrote "))
	foreign, err := os.ReadFile(written)
	require.NoError(t, err)
	put(1, foreign)
	status, _, problems := ask(t, "-merge", folder)
	require.Equal(t, 2, status)
	require.Contains(t, problems, file(1)+" does not go with "+file(0)+`: it screens "any 2 of server", not "any 3 of server + load 1.33"`)
	status, _, problems = ask(t, shardArgs(1, 3, folder)...)
	require.Equal(t, 2, status)
	require.Contains(t, problems, file(1)+` is of something else: it screens "any 2 of server", not "any 3 of server + load 1.33": remove it, or write to another folder`)

	require.NoError(t, os.Remove(file(1)))
	require.NoError(t, os.Remove(file(2)))
	status, _, problems = ask(t, "-merge", folder)
	require.Equal(t, 2, status)
	require.Contains(t, problems, file(1)+" is missing: do it with -shard 1/3\n"+file(2)+" is missing: do it with -shard 2/3")
	put(1, whole)
	_, _, _ = ask(t, shardArgs(2, 4, folder)...)
	status, _, problems = ask(t, "-merge", folder)
	require.Equal(t, 2, status)
	require.Contains(t, problems, shardFile(folder, 2, 4)+" overlaps "+file(1))
}

// Where a shard was killed, its pieces are told.
func TestMissingShardWithPieces(t *testing.T) {
	folder := t.TempDir()
	ask(t, shardArgs(0, 2, folder)...)
	call{}.run(ending{t.Context(), folder, 4}, shardArgs(1, 2, folder)...)
	status, _, problems := ask(t, "-merge", folder)
	require.Equal(t, 2, status)
	require.Contains(t, problems, "shard-1-of-2.json is missing, and of its pieces there are 3: go on with -shard 1/2")
	require.NoError(t, os.Truncate(pieceFile(folder, 1, 2, 1, 64), 100))
	status, _, problems = ask(t, shardArgs(1, 2, folder)...)
	require.Equal(t, 2, status)
	require.Contains(t, problems, pieceFile(folder, 1, 2, 1, 64)+" is not whole")
}

// There may be more shards than cases.
func TestTinyShards(t *testing.T) {
	folder := t.TempDir()
	for number := range 9 {
		status, _, problems := ask(t, "-shard", fmt.Sprintf("%d/9", number), "-out", folder, "-lose", "each board", "testdata/fleet.yaml")
		require.Equal(t, 0, status, problems)
	}
	status, out, _ := ask(t, "-merge", folder)
	require.Equal(t, 0, status)
	require.Equal(t, "each board: of 4 scenarios 4 hold, 0 degrade, 0 collapse (exact).\n", out)
}

func TestAuto(t *testing.T) {
	type env = map[string]string
	array := func(id, count, first string) env {
		return env{"SLURM_ARRAY_TASK_ID": id, "SLURM_ARRAY_TASK_COUNT": count, "SLURM_ARRAY_TASK_MIN": first}
	}
	for _, c := range []struct {
		env        env
		shards     int
		number, of int
		problem    string
	}{
		{array("0", "4", "0"), 0, 0, 4, ""},
		{array("4", "4", "1"), 0, 3, 4, ""},
		{array("7", "2", "3"), 0, 0, 0, "-shard auto: task 7 of an array of 2 from 3 on: number tasks without gaps (--array=0-1), or give -shards"},
		{array("7", "2", "3"), 10, 7, 10, ""},
		{array("10", "2", "3"), 10, 0, 0, "there is no shard 10 of 10: they are counted from 0, and are at most 1000000"},
		{array("x", "2", "3"), 0, 0, 0, `-shard auto: SLURM_ARRAY_TASK_ID is "x", and no number`},
		{env{"SLURM_ARRAY_TASK_ID": "1"}, 0, 0, 0, `-shard auto: SLURM_ARRAY_TASK_COUNT is "", and no number`},
		{env{"JOB_COMPLETION_INDEX": "3"}, 5, 3, 5, ""},
		{env{"JOB_COMPLETION_INDEX": "5"}, 5, 0, 0, "there is no shard 5 of 5: they are counted from 0, and are at most 1000000"},
		{env{"JOB_COMPLETION_INDEX": "3"}, 0, 0, 0, "-shard auto: Kubernetes does not tell how many there are: give -shards, as many as the completions of the job"},
		{env{}, 5, 0, 0, "-shard auto: neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set: write it as 0/100"},
	} {
		number, of, err := which("auto", c.shards, func(name string) string { return c.env[name] })
		if c.problem != "" {
			require.EqualError(t, err, c.problem)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, [2]int{c.number, c.of}, [2]int{number, of})
	}
	folder := t.TempDir()
	status, _, problems := call{env: array("2", "2", "1")}.run(t.Context(), "-shard", "auto", "-out", folder, "-lose", "any 2 of board", "testdata/fleet.yaml")
	require.Equal(t, 0, status, problems)
	require.Equal(t, []string{"shard-1-of-2.json"}, names(t, folder))
	part, err := load(shardFile(folder, 1, 2))
	require.NoError(t, err)
	require.Equal(t, []cascade.Span{{From: 1, To: 3}}, part.Done())
}
