package web

import (
	"net/url"

	"bangvang/internal/base/access"
	"bangvang/internal/base/web/ui"
)

// A FormPage is a page with one form: shown empty or filled, sent, and shown again with what is wrong.
type FormPage[T any] struct {
	View   *ui.View[T]
	Values func(c *Ctx) (url.Values, int, error) // what the form shows first, and the version it changes; nil is nothing
	Data   func(c *Ctx, f ui.Form) (T, error)
	Do     func(c *Ctx) (next, flash string, err error) // the path of the next page, and what it says
}

// Get shows the form.
func (p FormPage[T]) Get(c *Ctx) error {
	var values url.Values
	version := 0
	if p.Values != nil {
		var err error
		if values, version, err = p.Values(c); err != nil {
			return err
		}
	}
	data, err := p.Data(c, c.NewForm(values, version))
	if err != nil {
		return err
	}
	return c.Render(p.View.With(data))
}

// Post does what was sent.
func (p FormPage[T]) Post(c *Ctx) error {
	next, flash, err := p.Do(c)
	if err != nil {
		return c.Again(err, func(again ui.Form) (ui.Filled, error) {
			data, err := p.Data(c, again)
			return p.View.With(data), err
		})
	}
	return c.See(next, flash)
}

// Register puts the page on the office; the options are those of sending.
func (p FormPage[T]) Register(o *Office, path string, act access.Action, options ...Option) {
	o.GET(path, act, p.Get)
	o.POST(path, act, p.Post, options...)
}
