package reports

import (
	"net/http"

	"bangvang/internal/base/web"
)

// Scope is what a token of the machine interface must be made for.
const Scope = "site-reports"

// maxBody is more than the longest report: sixty lines with every reason, forty incidents told at length.
const maxBody = 512 << 10

// Register adds the capability's door of the machine interface to the office.
func (s *Service) Register(o *web.Office) {
	o.API(http.MethodPost, "/api/v1/site-reports", Scope, ActEnter, s.take, web.MaxBody(maxBody))
}

// take answers POST /api/v1/site-reports: a [Submission] in, a [Receipt] out, always 200 for what is
// kept, however it compares with what was said before.
//
// Source: architecture.md 8.
func (s *Service) take(c *web.Ctx) error {
	var in Submission
	if err := c.Decode(&in); err != nil {
		return err
	}
	receipt, err := s.submit(c.Context(), in, API)
	if err != nil {
		return err
	}
	return c.JSON(receipt)
}
