package netbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ridethrough/ridethrough/topology"
)

// maxObject is the most text that one object may have, with the space before it.
const maxObject = 64 << 20

// maxFaults is how many faults are reported.
const maxFaults = 100

// A reader makes an inventory of a stream of dumps and answers.
type reader struct {
	in     *budget
	dec    *json.Decoder
	data   *inventory
	lists  listings
	values int
	faults topology.Faults
}

// A budget limits what may be read until it is refilled, so that one value cannot fill the memory.
type budget struct {
	r    io.Reader
	left int64
	err  error // of r, but for its end
}

var errTooLarge = errors.New("too large")

func (b *budget) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	if err != nil && err != io.EOF {
		b.err = err
	}
	return n, err
}

// errStop ends reading: what is wrong has been said.
var errStop = errors.New("stop")

func read(r io.Reader) (*inventory, error) {
	in := &budget{r: r, left: maxObject}
	rd := &reader{in: in, dec: json.NewDecoder(in), data: newInventory(), lists: listings{of: map[string]*listing{}}}
	err := rd.all()
	switch {
	case in.err != nil:
		return nil, in.err
	case err != nil && err != errStop:
		rd.fault(rd.place(), "", topology.BadSyntax, "%s", inWords(err))
	case err == nil && len(rd.faults) == 0 && rd.data.empty():
		rd.fault("", "", topology.NotFound, "nothing of NetBox's racks, devices and power is in the data: give it a dump of "+
			"manage.py dumpdata, or what the REST API answers under /api/dcim/")
	}
	if len(rd.faults) > 0 {
		return nil, rd.faults
	}
	rd.lists.report(&rd.data.found)
	return rd.data, nil
}

// place names where the text is no longer JSON; "" if it is at the beginning.
func (r *reader) place() string {
	if r.values == 0 {
		return ""
	}
	return fmt.Sprintf("object %d, after byte %d", r.values, r.dec.InputOffset())
}

func inWords(err error) string {
	switch {
	case errors.Is(err, errTooLarge):
		return fmt.Sprintf("an object of more than %d MiB: NetBox writes none", maxObject>>20)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the data ends in the middle of a value: was it cut off?"
	default:
		return "this is not JSON, as a dump of manage.py dumpdata and what the REST API answers are: " +
			strings.TrimPrefix(err.Error(), "json: ")
	}
}

// fault notes what is wrong with an object.
func (r *reader) fault(object, field string, reason topology.Reason, format string, args ...any) {
	if len(r.faults) < maxFaults {
		r.faults = append(r.faults, topology.Fault{
			Component: object, Field: field, Reason: reason, Text: fmt.Sprintf(format, args...),
		})
	}
}

// all reads values to the end.
func (r *reader) all() error {
	for {
		token, err := r.dec.Token()
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		case token == json.Delim('['):
			err = r.elements(nil)
		case token == json.Delim('{'):
			err = r.answer()
		default:
			err = r.strange(fmt.Sprintf("value %d", r.values+1))
		}
		if err != nil {
			return err
		}
	}
}

// strange says that a value is not what NetBox writes. One is enough: the rest will be like it.
func (r *reader) strange(place string) error {
	r.fault(place, "", topology.BadSyntax,
		"neither an object of a dump, with model, pk and fields, nor one of the REST API, with id and url")
	return errStop
}

// elements reads the objects of a list, to its end.
func (r *reader) elements(each func(id int64)) error {
	for r.dec.More() {
		var all map[string]json.RawMessage
		r.values++
		if err := r.dec.Decode(&all); err != nil {
			var wrong *json.UnmarshalTypeError
			if errors.As(err, &wrong) {
				return r.strange(fmt.Sprintf("object %d", r.values))
			}
			return err
		}
		r.in.left = maxObject
		id, err := r.object(all)
		if err != nil {
			return err
		}
		if each != nil {
			each(id)
		}
	}
	_, err := r.dec.Token()
	return err
}

// answer reads what follows a brace: an answer with results, or an object by itself.
func (r *reader) answer() error {
	all, page := map[string]json.RawMessage{}, false
	var ids []int64
	for r.dec.More() {
		key, err := r.dec.Token()
		if err != nil {
			return err
		}
		if key == "results" {
			page = true
			if token, err := r.dec.Token(); err != nil {
				return err
			} else if token != json.Delim('[') {
				return r.strange("results")
			}
			if err := r.elements(func(id int64) { ids = append(ids, id) }); err != nil {
				return err
			}
			continue
		}
		var value json.RawMessage
		if err := r.dec.Decode(&value); err != nil {
			return err
		}
		all[key.(string)] = value
	}
	if _, err := r.dec.Token(); err != nil {
		return err
	}
	r.in.left = maxObject
	if page {
		r.lists.add(fields{r: r, all: all}, ids)
		return nil
	}
	r.values++
	_, err := r.object(all)
	return err
}

// object reads an object of a dump or of the REST API, and returns its id.
func (r *reader) object(all map[string]json.RawMessage) (int64, error) {
	f := fields{r: r, all: all, of: fmt.Sprintf("object %d", r.values)}
	switch {
	case f.has("model") && f.has("fields"):
		return r.dumped(f), nil
	case f.has("url") && f.has("id"):
		model := modelOfURL(f.text("url"))
		id := f.id("id")
		f.of = called(model, id)
		r.take(model, id, f)
		return id, nil
	case f.has("detail") && len(all) < 3:
		r.fault("", "", topology.BadSyntax, "NetBox refused to answer: %s", f.text("detail"))
		return 0, errStop
	default:
		return 0, r.strange(f.of)
	}
}

// dumped reads an object of a dump.
func (r *reader) dumped(f fields) int64 {
	app, model, _ := strings.Cut(f.text("model"), ".")
	if app != "dcim" && model != "contenttype" || !f.has("pk") {
		return 0
	}
	id := f.id("pk")
	of := called(model, id)
	var all map[string]json.RawMessage
	if json.Unmarshal(f.all["fields"], &all) != nil {
		r.fault(of, "fields", topology.BadSyntax, "these are an object")
		return id
	}
	r.take(model, id, fields{r: r, of: of, all: all})
	return id
}
