//go:build race

package chance_test

const race = true
