package rehearse

import (
	"context"

	"bangvang/internal/app"
)

// BeforeJudging has something done to the copy when the rehearsal is over and before it is judged.
func (o *Options) BeforeJudging(do func(context.Context, *app.App) error) { o.beforeJudging = do }
