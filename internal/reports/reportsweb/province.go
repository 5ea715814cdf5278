package reportsweb

import "bangvang/internal/base/web"

func (p *Pages) registerProvince(*web.Office) {}
