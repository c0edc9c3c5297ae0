package kube

import (
	"slices"
	"strconv"
	"strings"
)

// stray returns a fault for a line that is no part of an object: what kubectl says to people, or the beginning of an
// object within another. It is given all lines of a document in YAML, and counts the objects.
func (r *reader) stray(line []byte, objects *int) error {
	if len(line) == 0 || line[0] == ' ' || line[0] == '-' { // most
		return nil
	}
	text := strings.TrimSpace(string(line[:min(len(line), 256)]))
	if strings.HasPrefix(text, "apiVersion:") {
		*objects++
	}
	found := ""
	switch {
	case *objects > 1:
		found = "apiVersion stands here again: write a line of --- between two objects"
	case isMessage(text):
		found = "found " + strconv.Quote(text) + ": see to it, and give what is printed on standard output alone"
	case isForPeople(text):
		found = "found " + short([]byte(text)) + ", which is for people: get objects, with kubectl's -o json or helm template"
	default:
		return nil
	}
	fault := r.bad("%s", found)
	fault[0].Line, fault[0].Column = r.in.place(r.in.line + 1)
	return fault
}

// isMessage reports whether a line is what kubectl, or the library that it calls the server with, has to say.
func isMessage(text string) bool {
	begins := func(with string) bool { return strings.HasPrefix(text, with) }
	return slices.ContainsFunc([]string{"Warning: ", "error: ", "Error: ", "Error from server", "No resources found",
		"The connection to the server ", "Unable to connect to the server"}, begins) || isLogged(text)
}

// isLogged reports whether a line is of a log: "E0602 12:00:00.000000 …".
func isLogged(text string) bool {
	digits := strings.TrimLeft(text[min(len(text), 1):], "0123456789")
	return len(text) > 6 && strings.IndexByte("IWEF", text[0]) >= 0 && len(text)-len(digits) == 5 && digits[0] == ' '
}

// isForPeople reports whether a line begins a table of kubectl, its description of an object, or what helm says.
func isForPeople(text string) bool {
	begins := func(with string) bool { return strings.HasPrefix(text, with) }
	return slices.ContainsFunc([]string{"NAME ", "NAMESPACE ", "LAST SEEN ", "Name:  ", "NAME: "}, begins)
}
