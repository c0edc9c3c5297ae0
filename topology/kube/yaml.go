package kube

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/ridethrough/ridethrough/topology"
)

// yamlDocument reads a document in YAML up to the mark before the next.
func (r *reader) yamlDocument() error {
	r.document++
	before := r.in.line
	text, err := r.untilMark()
	if err != nil {
		return err
	}
	written, err := yaml.YAMLToJSON(text)
	if err != nil {
		r.faults = append(r.faults, r.yamlFault(err, before))
		return nil
	}
	switch written = bytes.TrimSpace(written); {
	case bytes.Equal(written, []byte("null")): // only comments
		r.document--
		return nil
	case written[0] != '{':
		r.fault(r.place(), "", topology.BadSyntax,
			"found %s where an object is wanted: it has the fields apiVersion, kind and metadata", short(written))
		return nil
	}
	if err := r.object(json.NewDecoder(bytes.NewReader(written)), typeOf(written), 0); err != nil {
		return r.syntax(err)
	}
	return nil
}

// untilMark reads the lines of a document.
func (r *reader) untilMark() ([]byte, error) {
	r.in.reset()
	var text []byte
	objects := 0
	lines := bufio.NewReaderSize(r.in, 64<<10)
	for {
		line, err := lines.ReadSlice('\n')
		var faults topology.Faults
		switch {
		case errors.As(err, &faults):
			text := fmt.Sprintf("a document of more than %d MiB: write JSON, with kubectl's -o json", maxObject>>20)
			return nil, topology.Faults{{Component: r.place(), Reason: topology.TooLarge, Text: text}}
		case err != nil && err != io.EOF && !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		case len(text) > 0 && text[len(text)-1] != '\n': // the rest of a long line
		case len(text) > 0 && mark(line):
			r.in.reset()
			rest := io.LimitReader(lines, int64(lines.Buffered()))
			return text, r.in.back(io.MultiReader(bytes.NewReader(bytes.Clone(line)), rest))
		default:
			if fault := r.stray(line, &objects); fault != nil {
				return nil, fault
			}
		}
		if bytes.HasSuffix(line, []byte("\n")) {
			r.in.line++
		}
		if text = append(text, line...); err == io.EOF {
			return text, nil
		}
	}
}

// yamlFault makes a fault of an error of the parser, whose lines count from the start of the document.
func (r *reader) yamlFault(err error, before int) topology.Fault {
	text := strings.TrimPrefix(err.Error(), "error converting YAML to JSON: ")
	text = strings.TrimPrefix(text, "yaml: ")
	f := topology.Fault{Component: r.place(), Reason: topology.BadSyntax, Text: "this is not YAML: " + text}
	if m := regexp.MustCompile(`^line (\d+): `).FindStringSubmatch(text); m != nil {
		line, _ := strconv.Atoi(m[1])
		f.Line, f.Column = r.in.place(before + line)
		f.Text = "this is not YAML: " + text[len(m[0]):]
	}
	return f
}

// short writes the beginning of a text in quotes.
func short(text []byte) string {
	const most = 40
	if len(text) > most {
		return strconv.Quote(strings.ToValidUTF8(string(text[:most]), "") + "…")
	}
	return strconv.Quote(string(text))
}
