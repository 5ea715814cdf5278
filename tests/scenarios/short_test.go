//go:build !soak

package scenarios_test

// kills is how often the program is killed on each engine; make soak does it a thousand times.
const kills = 3
