package kube

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// maxFaults is how many faults are reported together.
const maxFaults = 100

// A reader reads objects, keeps what the model needs, and everything that is wrong.
type reader struct {
	in       *source
	cluster  *cluster
	document int // under way, from 1
	faults   topology.Faults
}

func newReader(r io.Reader) *reader {
	return &reader{in: &source{r: r}, cluster: newCluster()}
}

// read reads all documents. One that begins as an object or a list of objects in JSON is JSON, and any other YAML.
func (r *reader) read() error {
	err := r.documents()
	if r.in.err != nil {
		return r.in.err
	}
	var faults topology.Faults
	if errors.As(err, &faults) {
		r.faults = append(r.faults, faults...)
	} else if err != nil {
		return err
	}
	if len(r.faults) == 0 && r.cluster.empty() {
		r.fault(r.place(), "", topology.NotFound, "%s", r.cluster.nothing())
	}
	if len(r.faults) > 0 {
		return r.faults
	}
	return nil
}

func (r *reader) documents() error {
	if err := r.encoding(); err != nil {
		return err
	}
	for len(r.faults) < maxFaults {
		first, err := r.skip()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case r.isJSON(first):
			err = r.jsonDocuments(first)
		default:
			err = r.yamlDocument()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// isJSON reports whether a text that begins here is JSON, and not YAML in braces: an object whose first key has quotes,
// or a list of objects, as jq makes it.
func (r *reader) isJSON(first byte) bool {
	if first != '{' && first != '[' {
		return false
	}
	head, err := r.in.peek(256)
	if err != nil { // which comes again
		return true
	}
	head = bytes.TrimLeft(head[1:], " \t\r\n")
	switch {
	case len(head) == 0:
		return true
	case first == '{':
		return head[0] == '"' || head[0] == '}'
	}
	return head[0] == '{' || head[0] == ']'
}

// encoding finds the UTF-16 that `>` of an old PowerShell writes.
func (r *reader) encoding() error {
	head, err := r.in.peek(2)
	if err != nil {
		return err
	}
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return topology.Faults{{Reason: topology.BadSyntax,
			Text: "the text is UTF-16: save it as UTF-8, in PowerShell with `| Out-File -Encoding utf8`"}}
	}
	return nil
}

// skip goes past blank lines, comments, byte order marks and the marks between documents. It returns the byte that comes next.
func (r *reader) skip() (byte, error) {
	for {
		head, err := r.in.peek(4)
		if err != nil {
			return 0, err
		}
		switch {
		case len(head) == 0:
			return 0, io.EOF
		case strings.IndexByte(" \t\r\n", head[0]) >= 0:
			if head[0] == '\n' {
				r.in.line++
			}
			r.in.pending = r.in.pending[1:]
		case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
			r.in.pending = r.in.pending[3:]
		case head[0] == '#' || mark(head):
			if err := r.skipLine(); err != nil {
				return 0, err
			}
		default:
			return head[0], nil
		}
	}
}

// mark reports whether a line that begins so stands between documents.
func mark(line []byte) bool {
	if !bytes.HasPrefix(line, []byte("---")) && !bytes.HasPrefix(line, []byte("...")) {
		return false
	}
	return len(line) == 3 || strings.IndexByte(" \t\r\n", line[3]) >= 0
}

// skipLine goes past the rest of a line, or past a mark that has more than a comment behind it.
func (r *reader) skipLine() error {
	if r.in.pending[0] != '#' {
		r.in.pending = r.in.pending[3:]
		return nil
	}
	for {
		if i := bytes.IndexByte(r.in.pending, '\n'); i >= 0 {
			r.in.pending = r.in.pending[i:]
			return nil
		}
		r.in.pending = r.in.pending[:0]
		if head, err := r.in.peek(1); len(head) == 0 {
			return err
		}
	}
}

// jsonDocuments reads one object or list in JSON after the other, and takes back what comes then.
func (r *reader) jsonDocuments(next byte) (err error) {
	r.in.lost = true
	dec := json.NewDecoder(r.in)
	for len(r.faults) < maxFaults && (next == '{' || next == '[') {
		r.document++
		r.in.reset()
		if next == '[' {
			err = r.items(dec, typeMeta{}, 0)
		} else {
			err = r.object(dec, typeMeta{}, 0)
		}
		if err != nil {
			return r.syntax(err)
		}
		dec.More() // fills the buffer
		next = first(dec.Buffered())
	}
	r.in.reset()
	return r.in.back(dec.Buffered())
}

// first returns the first byte that is not blank.
func first(r io.Reader) byte {
	b := make([]byte, 1)
	for {
		if n, err := r.Read(b); n == 0 || err != nil {
			return 0
		}
		if strings.IndexByte(" \t\r\n", b[0]) < 0 {
			return b[0]
		}
	}
}

// place says where the reader is.
func (r *reader) place() string { return fmt.Sprintf("document %d", max(r.document, 1)) }

func (r *reader) fault(place, field string, reason topology.Reason, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	r.faults = append(r.faults, topology.Fault{Component: place, Field: field, Reason: reason, Text: text})
}

// syntax makes a fault of an error of the JSON decoder.
func (r *reader) syntax(err error) error {
	var faults topology.Faults
	var wrong *json.SyntaxError
	switch {
	case r.in.err != nil:
		return r.in.err
	case errors.As(err, &faults):
		return topology.Faults{{Component: r.place(), Reason: faults[0].Reason, Text: faults[0].Text}}
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return r.bad("the text ends within an object: it was cut off")
	case errors.As(err, &wrong):
		return r.bad("this is not JSON: %s, %d bytes into it", wrong.Error(), wrong.Offset)
	}
	return r.bad("this is not JSON: %v", err)
}

func (r *reader) bad(format string, args ...any) topology.Faults {
	return topology.Faults{{Component: r.place(), Reason: topology.BadSyntax, Text: fmt.Sprintf(format, args...)}}
}
