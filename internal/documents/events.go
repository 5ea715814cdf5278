package documents

import "bangvang/internal/base/event"

// A PageFact says which public page something happened to.
type PageFact struct {
	ID    DocID
	Path  string // "/van-ban/08-ct-ubnd-2021"
	Label string // "08/CT-UBND"
	First bool   // of Posted: it was never public before
}

// The facts this capability announces. They speak of public documents only.
var (
	Posted    = event.New[PageFact]("documents.posted")    // posted, updated or put back
	Replaced  = event.New[PageFact]("documents.replaced")  // a newer document replaces it
	Withdrawn = event.New[PageFact]("documents.withdrawn") // taken back, in one of the three ways
)
