//go:build race

package cascade_test

const race = true
