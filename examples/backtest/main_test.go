package main

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const (
	fleet = "testdata/fleet.yaml"
	loads = "testdata/loads.json"
)

// Each question is answered as in the golden file of its name, errors and exit status included.
func TestGolden(t *testing.T) {
	for name, args := range map[string][]string{
		"board":   {"-lose", "board-b", "-demand", "users", fleet, loads},
		"times":   {"-lose", "web-[07-10]", "-demand", "users", "-before", "2026-03-14T11:58:00Z", "-after", "2026-03-14T12:03:00Z", fleet, loads},
		"wrong":   {"-lose", "board-a", "-demand", "users", fleet, loads}, // it was board-b
		"strict":  {"-lose", "board-b", "-demand", "users", "-within", "0.01", fleet, loads},
		"unknown": {"-lose", "board-c", "-demand", "users", fleet, loads},
		"series":  {"-lose", "board-b", "-demand", "users", "-metric", "load", fleet, loads},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			status := run(args, nil, &out, &out)
			out.WriteString("exit status " + string(rune('0'+status)) + "\n")
			golden := "testdata/" + name + ".txt"
			if *update {
				require.NoError(t, os.WriteFile(golden, out.Bytes(), 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), out.String())
		})
	}
}

// A list of names may have patterns with lists of their own.
func TestSplit(t *testing.T) {
	require.Equal(t, []string{"board-b", "web-[07,09]", `a\,b`, "c"}, split(`board-b, web-[07,09],a\,b , c`))
	require.Equal(t, []string{"a[1,2"}, split("a[1,2"))
}

func TestStandardInput(t *testing.T) {
	text, err := os.ReadFile(loads)
	require.NoError(t, err)
	var file, pipe bytes.Buffer
	require.Equal(t, 0, run([]string{"-lose", "board-b", "-demand", "users", fleet, loads}, nil, &file, &file))
	require.Equal(t, 0, run([]string{"-lose", "board-b", "-demand", "users", fleet, "-"}, bytes.NewReader(text), &pipe, &pipe))
	require.Equal(t, file.String(), pipe.String())
}

// One time is none before the loss and one after it; nor are two the wrong way round.
func TestTimes(t *testing.T) {
	args := []string{"-lose", "board-b", "-demand", "users", fleet, "-"}
	for text, turned := range map[string][]string{
		`{"status":"success","data":{"resultType":"vector","result":[{"metric":{"instance":"web-01"},"value":[1773489480,"80"]}]}}`: nil,
		"load{instance=\"web-01\"} 80\n": nil,
		`{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"instance":"web-01"},"values":[[1773489480,"80"],[1773489780,"140"]]}]}}`: {
			"-before", "2026-03-14T12:03:00Z", "-after", "2026-03-14T11:58:00Z"},
	} {
		var out, problems bytes.Buffer
		require.Equal(t, 2, run(append(turned, args...), strings.NewReader(text), &out, &problems), text)
		require.Contains(t, problems.String(), "no time before the loss and one after it")
		require.Empty(t, out.String())
	}
}

// What cannot be answered is told before anything is compared.
func TestNothingToCompare(t *testing.T) {
	for want, args := range map[string][]string{
		`-demand: the fleet has no component "clients"`:  {"-lose", "board-b", "-demand", "clients", fleet, loads},
		"nothing was measured: the answer has no series": {"-lose", "board-b", "-demand", "users", fleet, "-"},
		"write it as 2026-03-14T11:58:00Z":               {"-before", "noon"},
	} {
		var out, problems bytes.Buffer
		require.Equal(t, 2, run(args, strings.NewReader(`{"status":"success","data":{"resultType":"matrix","result":[]}}`), &out, &problems))
		require.Contains(t, problems.String(), want)
		require.Empty(t, out.String())
	}
}

func TestUsage(t *testing.T) {
	var out, problems bytes.Buffer
	require.Equal(t, 0, run([]string{"-h"}, nil, &out, &problems))
	for _, args := range [][]string{nil, {fleet, loads}, {"-lose", "board-b", fleet, loads}, {"-lose", "a", "-demand", "users", fleet}, {"-before", "noon"}} {
		require.Equal(t, 2, run(args, nil, &out, &problems), args)
	}
	require.Equal(t, 2, run([]string{"-lose", "board-b", "-demand", "users", "testdata/none.yaml", loads}, nil, &out, &problems))
	require.Empty(t, out.String())
	require.Contains(t, problems.String(), "usage: backtest -lose NAMES -demand NAME [flags] FLEET LOADS")
}
