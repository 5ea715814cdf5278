//go:build !soak

package scenarios_test

import "time"

// The proofs that grow, small; make soak does them large.
const (
	kills     = 3               // of the program amid twenty saves, on each engine; large: a thousand
	lineSites = 75              // sites that send four reports each over a bad line; large: 2,500
	killEvery = 2 * time.Second // how often the program is killed meanwhile; large: 30 s
)
