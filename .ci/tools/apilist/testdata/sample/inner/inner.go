// Package inner is named by the other one.
package inner

type Size int

type Part struct{ Weight float64 }
