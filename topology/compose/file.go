package compose

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/ridethrough/ridethrough/topology"
)

// maxBytes is the most that a file may have.
const maxBytes = 4 << 20

// maxFiles is the most files that may be read.
const maxFiles = 1000

// A file is a Compose file.
type file struct {
	name, dir string            // dir is where its paths begin, in Options.Files
	env       map[string]string // of an include: counts where Options.Env has nothing
}

// where returns the place of the whole file.
func (f *file) where() where { return where{file: f.name, line: 1, column: 1} }

// lookup returns the value of a variable.
func (r *reading) lookup(name string) (string, bool) {
	if value, ok := r.o.Env[name]; ok {
		return value, true
	}
	value, ok := r.file.env[name]
	return value, ok
}

// A project is all files merged.
type project struct {
	name     string
	services *value
}

// project reads and merges the files; the error is that of a reader.
func (l *loader) project(readers []io.Reader) (*project, error) {
	p := &project{services: &value{}}
	for i, from := range readers {
		f := &file{name: fmt.Sprint("file ", i+1), dir: "."}
		if named, ok := from.(interface{ Name() string }); ok {
			f.name = named.Name()
		}
		text, err := io.ReadAll(io.LimitReader(from, maxBytes+1))
		if err != nil {
			return nil, err
		}
		l.load(f, text, p, nil)
	}
	if len(p.services.names) == 0 && len(l.faults) == 0 {
		var w where
		if len(l.opened) > 0 {
			w = where{file: l.opened[0], line: 1, column: 1}
		}
		l.fault(w.in("services"), topology.NotFound, "no service: write services: and under it, indented, a mapping from their names")
	}
	return p, nil
}

// load merges the documents of a file into a project. Within are the files that include this one.
func (l *loader) load(f *file, text []byte, p *project, within []string) {
	for _, root := range l.parse(f, text) {
		d := l.document(f, root)
		if d.name != "" {
			p.name = d.name
		}
		l.extendAll(d)
		for _, one := range d.includes {
			l.addIncluded(d, l.include(f, one, within), one.where)
		}
		p.services = l.merge(p.services, d.services, shape{form: named, of: l.shape.of})
	}
}

// parse returns the documents of a text.
func (l *loader) parse(f *file, text []byte) (roots []*yaml.Node) {
	l.opened = append(l.opened, f.name)
	switch {
	case len(text) > maxBytes:
		l.fault(f.where(), topology.TooLarge, "more than %d MiB: no Compose file is that large", maxBytes>>20)
		return nil
	case len(l.opened) > maxFiles:
		l.fault(f.where(), topology.TooLarge, "more than %d files", maxFiles)
		return nil
	case !l.take(&l.bytes, len(text), f.where(), "text"):
		return nil
	case !utf8.Valid(text):
		l.fault(f.where(), topology.BadSyntax, "the text is not valid UTF-8: save the file as UTF-8")
		return nil
	}
	defer func() { // the parser panics where it meets what it has not foreseen
		if p := recover(); p != nil {
			l.fault(f.where(), topology.BadSyntax, "the text cannot be read: %v", p)
		}
	}()
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for l.take(&l.values, 1, f.where(), "documents") {
		root := &yaml.Node{}
		if err := decoder.Decode(root); errors.Is(err, io.EOF) {
			return roots
		} else if err != nil {
			l.syntax(f, err)
			return roots
		}
		if root.Kind == yaml.DocumentNode && len(root.Content) > 0 {
			roots = append(roots, root.Content[0])
		}
	}
	return roots
}

var (
	withLine = regexp.MustCompile(`^line (\d+): `)
	fromZero = regexp.MustCompile(`^did not find expected (key|node content|',' or|'-' indicator|<)`)
)

// syntax reports the parser's error, which often has a line.
func (l *loader) syntax(f *file, err error) {
	w, message := f.where(), strings.TrimPrefix(err.Error(), "yaml: ")
	if m := withLine.FindStringSubmatch(message); m != nil {
		w.line, _ = strconv.Atoi(m[1])
		message = message[len(m[0]):]
		if fromZero.MatchString(message) { // the parser counts these lines from 0, and others from 1
			w.line++
		}
		w.line = max(w.line, 1)
	}
	l.fault(w, topology.BadSyntax, "%s", short(message))
}

// open returns the text of another file, and whether it could be read. If not, it is a fault where services may stand
// in the file, else a finding.
func (l *loader) open(name string, w where, must bool) ([]byte, bool) {
	text, err := l.readOther(name)
	var of *fs.PathError
	if errors.As(err, &of) {
		err = of.Err // the path is said already
	}
	switch {
	case err == nil:
		return text, true
	case must:
		l.lost = true
		l.fault(w, topology.NotFound, "%s cannot be read: %v", short(name), err)
	default:
		l.names.add(name)
		l.absent[name] = err.Error()
	}
	return nil, false
}

func (l *loader) readOther(name string) ([]byte, error) {
	if l.o.Files == nil {
		return nil, errors.New("Options.Files is not given")
	}
	if strings.Contains(name, ":") || path.IsAbs(name) || strings.HasPrefix(name, "../") {
		return nil, errors.New("it is not in the folder of the first file")
	}
	f, err := l.o.Files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxBytes+1))
}

// beside returns the path of a file that another one names.
func beside(dir, name string) string {
	if path.IsAbs(name) || strings.Contains(name, ":") {
		return name
	}
	return path.Join(dir, name)
}
