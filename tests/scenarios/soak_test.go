//go:build soak

package scenarios_test

const kills = 1000
