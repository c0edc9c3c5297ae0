package main

import (
	"bytes"
	"fmt"
	"go/constant"
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/types/typeutil"
)

// A listing holds the lines of one package.
type listing struct {
	lines    []string
	topLevel int // exported identifiers of package scope
	qualify  types.Qualifier
}

// newListing lists the exported identifiers of pkg. Other packages are named by import path,
// less the path of the root module: short, and still unambiguous.
func newListing(pkg *types.Package, root string) *listing {
	l := &listing{qualify: func(other *types.Package) string {
		if other == pkg {
			return ""
		}
		return strings.TrimPrefix(other.Path(), root+"/")
	}}
	for _, name := range pkg.Scope().Names() {
		if obj := pkg.Scope().Lookup(name); obj.Exported() {
			l.topLevel++
			l.object(obj)
		}
	}
	slices.Sort(l.lines)
	return l
}

func (l *listing) add(format string, args ...any) {
	l.lines = append(l.lines, fmt.Sprintf(format, args...))
}

func (l *listing) object(obj types.Object) {
	switch obj := obj.(type) {
	case *types.Const:
		l.add("const %s %s = %s", obj.Name(), l.typ(obj.Type()), value(obj.Val()))
	case *types.Var:
		l.add("var %s %s", obj.Name(), l.typ(obj.Type()))
	case *types.Func:
		l.add("func %s%s", obj.Name(), l.signature(obj))
	case *types.TypeName:
		l.typeName(obj)
	}
}

// value writes strings and integers exactly; floats as the shortest decimal instead of as a fraction.
func value(v constant.Value) string {
	if v.Kind() == constant.Float {
		f, _ := constant.Float64Val(v)
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return v.ExactString()
}

func (l *listing) typeName(obj *types.TypeName) {
	if alias, ok := obj.Type().(*types.Alias); ok {
		l.add("type %s%s = %s", obj.Name(), l.typeParams(alias.TypeParams()), l.typ(alias.Rhs()))
		return
	}
	named := obj.Type().(*types.Named)
	kind := l.typ(named.Underlying())
	switch u := named.Underlying().(type) {
	case *types.Struct:
		kind = "struct"
		l.fields(obj.Name(), u)
	case *types.Interface:
		if u.IsMethodSet() {
			kind = interfaceKind(u)
		}
	}
	l.add("type %s%s %s", obj.Name(), l.typeParams(named.TypeParams()), kind)
	l.methods(named)
}

// interfaceKind tells an interface that others can implement from one that they cannot.
func interfaceKind(u *types.Interface) string {
	for m := range u.Methods() {
		if !m.Exported() {
			return "interface with unexported methods"
		}
	}
	return "interface"
}

// fields lists the exported fields of a struct with their tags, which name the keys of the file formats,
// and those promoted from an unexported embedded struct.
func (l *listing) fields(owner string, s *types.Struct) {
	for i := range s.NumFields() {
		f := s.Field(i)
		if f.Exported() {
			line := fmt.Sprintf("field %s.%s %s", owner, f.Name(), l.typ(f.Type()))
			if f.Embedded() {
				line += " (embedded)"
			}
			if tag := s.Tag(i); tag != "" {
				line += fmt.Sprintf(" %#q", tag)
			}
			l.add("%s", line)
		} else if inner, ok := f.Type().Underlying().(*types.Struct); ok && f.Embedded() {
			l.fields(owner, inner)
		}
	}
}

func (l *listing) methods(named *types.Named) {
	for _, sel := range typeutil.IntuitiveMethodSet(named, nil) {
		if m := sel.Obj().(*types.Func); m.Exported() {
			star := ""
			if _, ok := sel.Recv().(*types.Pointer); ok {
				star = "*"
			}
			l.add("method (%s%s) %s%s", star, named.Obj().Name(), m.Name(), l.signature(m))
		}
	}
}

func (l *listing) typ(t types.Type) string { return types.TypeString(t, l.qualify) }

func (l *listing) signature(f *types.Func) string {
	var b bytes.Buffer
	types.WriteSignature(&b, f.Signature(), l.qualify)
	return b.String()
}

func (l *listing) typeParams(params *types.TypeParamList) string {
	if params.Len() == 0 {
		return ""
	}
	var all []string
	for p := range params.TypeParams() {
		all = append(all, p.Obj().Name()+" "+l.typ(p.Constraint()))
	}
	return "[" + strings.Join(all, ", ") + "]"
}
