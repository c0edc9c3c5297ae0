package main

import (
	"embed"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
)

// What the sides read of an instance: this one, and its peers.
const own, shared = "instance.json", "project.json"

//go:embed project.mzn minizinc.cjs cpsat.mjs
var texts embed.FS

// A side finds earliest finishes.
type side struct {
	name    string
	missing string // how to install it; "" if it is here
	version string // of a peer
	command []string
}

// sides returns this side and its peers. What they read is in a directory, that of work; npm is where npm installed packages.
func sides(work, npm string) ([]side, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	in := func(name string) string { return filepath.Join(work, name) }
	files, err := texts.ReadDir(".")
	for _, f := range files {
		text, _ := texts.ReadFile(f.Name())
		err = errors.Join(err, os.WriteFile(in(f.Name()), text, 0o600))
	}
	cpsat, chuffed := filepath.Join(npm, "node_modules", "or-tools-wasm"), filepath.Join(npm, "node_modules", "minizinc")
	minizinc := func(more ...string) []string {
		return append(more, "--output-mode", "json", in("project.mzn"), in(shared))
	}
	return []side{
		{name: "here", command: []string{self, "-instance", in(own)}},
		{"CP-SAT", without(cpsat), packaged(cpsat), []string{"node", in("cpsat.mjs"), cpsat, in(shared)}},
		{"Chuffed", without(chuffed), packaged(chuffed), minizinc("node", in("minizinc.cjs"), chuffed, "--solver", "org.minizinc.chuffed", "-f")},
		{"Gecode", unless("minizinc", "apt-get install minizinc"), debian("minizinc"), minizinc("minizinc", "--json-stream", "--solver", "gecode")},
	}, err
}

// without returns how to install a package of npm if it is not in a directory, and how to install Node if that is not there.
func without(dir string) string {
	if packaged(dir) == "" {
		return "npm install --prefix DIR " + filepath.Base(dir) + "; -npm DIR"
	}
	return unless("node", "apt-get install nodejs")
}

// unless returns how to install a program if it is not here.
func unless(program, how string) string {
	if _, err := exec.LookPath(program); err != nil {
		return how
	}
	return ""
}

// packaged returns the version of a package of npm; "" if there is none.
func packaged(dir string) string {
	text, err := os.ReadFile(filepath.Join(dir, "package.json"))
	if err != nil {
		return ""
	}
	var p struct{ Name, Version string }
	if json.Unmarshal(text, &p) != nil {
		return ""
	}
	return p.Name + " " + p.Version
}

// debian returns the version of a Debian package; "" if there is none.
func debian(name string) string {
	out, _ := exec.Command("dpkg-query", "--show", "--showformat=${Package} ${Version}", name).Output()
	return string(out)
}
