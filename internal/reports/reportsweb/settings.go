package reportsweb

import "bangvang/internal/base/web"

func (p *Pages) registerSettings(*web.Office) {}
