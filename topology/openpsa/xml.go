package openpsa

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

const (
	maxBytes    = 64 << 20 // of all files
	maxElements = 1_000_000
	maxDepth    = 64   // of elements
	maxLabel    = 4096 // bytes of a label that are read, and what follows up to the next comment
)

// A file is text, without a byte order mark.
type file struct {
	name string
	text []byte
}

// An element is one of XML.
type element struct {
	place
	tag      string
	attrs    []xml.Attr
	text     string // of a label
	children []*element
}

// attr returns an attribute without the spaces around it; "" if there is none.
func (e *element) attr(name string) string {
	for _, a := range e.attrs {
		if a.Name.Local == name {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

// child returns the first child of a tag; nil if there is none.
func (e *element) child(tag string) *element {
	for _, c := range e.children {
		if c.tag == tag {
			return c
		}
	}
	return nil
}

// content returns the children that are no label and no attributes.
func (e *element) content() (all []*element) {
	for _, c := range e.children {
		if c.tag != "label" && c.tag != "attributes" {
			all = append(all, c)
		}
	}
	return all
}

// readAll reads and declares what all files hold. The error is that of a reader.
func (r *reader) readAll(files []io.Reader) error {
	for i, from := range files {
		f := &file{name: fmt.Sprint("file ", i+1)}
		if named, ok := from.(interface{ Name() string }); ok {
			f.name = named.Name()
		}
		r.files = append(r.files, f)
		text, err := io.ReadAll(io.LimitReader(from, int64(r.bytes)+1))
		if err != nil {
			return err
		}
		if r.bytes -= len(text); r.bytes < 0 {
			r.fault(place{file: f, line: 1}, "", "", topology.TooLarge, "with this, the files have more than %d MiB", maxBytes>>20)
			r.lost = true
			return nil
		}
		f.text = bytes.TrimPrefix(text, []byte("\uFEFF"))
		if root := r.parse(f); root != nil {
			r.declareModel(root)
		} else {
			r.lost = true
		}
	}
	return nil
}

// A parser makes elements of a text.
type parser struct {
	*reader
	file *file
	in   *xml.Decoder
	open []*element
	root *element
}

// parse returns the root of a file; nil if it cannot be read.
func (r *reader) parse(f *file) *element {
	p := &parser{reader: r, file: f, in: xml.NewDecoder(bytes.NewReader(f.text))}
	p.in.CharsetReader = func(charset string, in io.Reader) (io.Reader, error) {
		if strings.EqualFold(charset, "us-ascii") {
			return in, nil
		}
		return nil, fmt.Errorf("the text is in %s: save it as UTF-8", quote(charset))
	}
	for {
		at := p.place()
		token, err := p.in.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			p.syntax(at, err)
			return nil
		}
		if !p.take(at, token) {
			return nil
		}
	}
	if p.root == nil {
		p.fault(place{file: f, line: 1}, "", "", topology.BadSyntax, "no element: write <opsa-mef> and in it the model")
	}
	return p.root
}

func (p *parser) place() place {
	line, _ := p.in.InputPos()
	return place{file: p.file, offset: p.in.InputOffset(), line: line}
}

// syntax reports the parser's error.
func (p *parser) syntax(at place, err error) {
	text := err.Error()
	var wrong *xml.SyntaxError
	if errors.As(err, &wrong) {
		at, text = p.place(), wrong.Msg
	} else if inner := errors.Unwrap(err); inner != nil {
		text = inner.Error()
	}
	p.fault(at, "", "", topology.BadSyntax, "this is not XML in UTF-8: %s", strings.TrimPrefix(text, "xml: "))
}

// take takes a token in, and reports whether to go on.
func (p *parser) take(at place, token xml.Token) bool {
	switch token := token.(type) {
	case xml.StartElement:
		return p.start(at, token)
	case xml.EndElement:
		p.open = p.open[:len(p.open)-1]
	case xml.CharData:
		if n := len(p.open); n > 0 && p.open[n-1].tag == "label" && len(p.open[n-1].text) < maxLabel {
			p.open[n-1].text += string(token)
		}
	case xml.Directive:
		return p.directive(at, string(token))
	}
	return true
}

func (p *parser) start(at place, token xml.StartElement) bool {
	if p.elements--; p.elements < 0 {
		p.fault(at, "", "", topology.TooLarge, "with this, the files have more than %d elements", maxElements)
		return false
	}
	if len(p.open) == maxDepth {
		p.fault(at, "", "", topology.TooLarge, "elements are more than %d deep: give nested formulas names, as gates", maxDepth)
		return false
	}
	e := &element{place: at, tag: token.Name.Local, attrs: token.Attr}
	switch n := len(p.open); {
	case n > 0:
		p.open[n-1].children = append(p.open[n-1].children, e)
	case p.root != nil:
		p.fault(at, "", "", topology.BadSyntax, "a second root <%s>: a file has one <opsa-mef>", e.tag)
		return false
	default:
		p.root = e
	}
	p.open = append(p.open, e)
	return true
}

// directive refuses what declares entities, or names a file that does.
func (p *parser) directive(at place, text string) bool {
	words := strings.Fields(text)
	if len(words) <= 2 && !strings.ContainsAny(text, "[\"'") { // <!DOCTYPE opsa-mef>
		return true
	}
	p.fault(at, "", "", topology.BadSyntax, "a document type with declarations, or with the address of some: "+
		"no entity is expanded and no other file is read; write <!DOCTYPE opsa-mef>, or nothing")
	return false
}
