//go:build soak

package scenarios_test

import "time"

const (
	kills     = 1000
	lineSites = 2_500
	killEvery = 30 * time.Second
)
