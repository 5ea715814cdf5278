package publish

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/jobs"
)

const (
	jobRender = "publish.render"
	jobDue    = "publish.due"

	// batchSize is how many keys one snapshot takes up: small enough to keep the rendered pages
	// in memory, large enough that a full rebuild makes few snapshots.
	batchSize = 512
	// renderers is how many keys are rendered at once; each reads the database.
	renderers = 4
	// batchPages is about how many pages one snapshot takes up, counted as the keys showed them last:
	// whoever publishes something now waits for the batch being drawn.
	batchPages = 512
	// manyPages is from how many pages on a key is drawn after those that show fewer, and alone: a
	// list of ten thousand documents takes a second, for which nobody's page should wait.
	manyPages = 200
	// attempts is how often a publish starts again because another node was faster.
	attempts = 20
)

// everything is the touch that means all keys of all sources.
var everything = keyID{"*", "*"}

// A Publisher renders what changed and makes it public. Several office nodes may each have one.
type Publisher struct {
	db      *db.DB
	site    *Site
	sources map[string]Source

	publishing sync.Mutex // one publish at a time in this process; other nodes meet at the head
}

// NewPublisher makes the publisher of an office node. Sources are registered before the jobs run.
func NewPublisher(d *db.DB, site *Site) *Publisher {
	return &Publisher{db: d, site: site, sources: map[string]Source{}}
}

// Register names a source. Two of one name, or one without Keys or Render, is a mistake of the
// program.
func (p *Publisher) Register(s Source) {
	if s.Name == "" || s.Name == everything.Source || strings.Contains(s.Name, "\x00") || s.Keys == nil || s.Render == nil || p.sources[s.Name].Render != nil {
		panic("publish: source " + s.Name + " is incomplete or registered twice")
	}
	p.sources[s.Name] = s
}

// Touch says, in the transaction that changes a fact, that keys of a source must be rendered
// anew. They are public about a second after the commit; the same call unpublishes a key whose
// Render then gives nothing. Many touches become one publish.
func (p *Publisher) Touch(ctx context.Context, tx *db.Tx, source string, keys ...string) error {
	if p.sources[source].Render == nil {
		return fmt.Errorf("touch %v: no source %q is registered", keys, source)
	}
	if len(keys) == 0 {
		return nil
	}
	for _, key := range slices.Sorted(slices.Values(keys)) { // one order, so two transactions cannot wait for each other
		if err := writeTouch(ctx, tx, keyID{source, key}); err != nil {
			return err
		}
	}
	return jobs.Queue(ctx, tx, jobRender, struct{}{}, jobs.Unique(jobRender))
}

// RebuildAll has everything rendered anew: after an upgrade, which may have changed the pages'
// frame, or a restore. Pages that come out the same stay as they are, keys that are gone
// disappear.
func (p *Publisher) RebuildAll(ctx context.Context) error {
	return p.db.Write(ctx, p.TouchAll)
}

// TouchAll is [Publisher.RebuildAll] inside the transaction that changed something every page
// shows.
func (p *Publisher) TouchAll(ctx context.Context, tx *db.Tx) error {
	if err := writeTouch(ctx, tx, everything); err != nil {
		return err
	}
	return jobs.Queue(ctx, tx, jobRender, struct{}{}, jobs.Unique(jobRender))
}

// Jobs gives the runner the publisher's work: rendering what was touched, what is due by the
// clock, and collecting what nothing refers to any more.
func (p *Publisher) Jobs(r *jobs.Runner) {
	r.Handle(jobRender, func(ctx context.Context, _ json.RawMessage) error { return p.Publish(ctx) })
	r.Handle(jobDue, p.due)
	r.Every("publish.tick", time.Minute, p.tick)
	r.Every("publish.collect", time.Hour, func(ctx context.Context) error {
		return p.Collect(ctx, time.Now())
	})
}

// Collect deletes the snapshot files that nothing kept refers to. now is by the machine's clock,
// as the ages of stored files are; it is not the exam's clock, which a rehearsal moves.
func (p *Publisher) Collect(ctx context.Context, now time.Time) error {
	return p.site.collect(ctx, p.db, now)
}

// Publish renders every key that waits and makes the result public, in as many snapshots as it
// takes. Keys that cannot be rendered, or claim another's path, keep what they showed, stay on
// the list and are named in the error.
func (p *Publisher) Publish(ctx context.Context) error {
	ctx = access.System(ctx, "Hệ thống (công bố)") // what is public does not depend on who published it
	p.publishing.Lock()
	defer p.publishing.Unlock()
	refused := map[keyID]error{}
	for {
		touches, err := p.waiting(ctx, refused)
		if err != nil {
			return err
		}
		if len(touches) == 0 {
			break
		}
		if err := p.publish(ctx, touches, refused); err != nil {
			return err
		}
	}
	errs := []error{p.point(ctx), p.schedule(ctx)}
	for _, id := range slices.SortedFunc(maps.Keys(refused), keyID.compare) {
		errs = append(errs, refused[id])
	}
	return errors.Join(errs...)
}

// waiting gives the next batch of touched keys that were not yet refused in this run.
func (p *Publisher) waiting(ctx context.Context, refused map[keyID]error) ([]touch, error) {
	for skip := 0; ; {
		list, err := readTouches(ctx, p.db.Read(), batchSize, skip)
		if err != nil {
			return nil, err
		}
		if len(list) > 0 && list[0].keyID == everything {
			if err := p.expand(ctx, list[0]); err != nil {
				return nil, err
			}
			skip = 0
			continue
		}
		fresh := slices.DeleteFunc(slices.Clone(list), func(t touch) bool { return refused[t.keyID] != nil })
		if len(fresh) > 0 || len(list) < batchSize {
			_, base, _, err := p.base(ctx) // as it is stored: after a start this node knows the pages before the keys
			if err != nil {
				return nil, err
			}
			return prompt(base, fresh), nil
		}
		skip += len(list)
	}
}

// prompt gives those of the touches that are drawn next: a batch of those that show few pages, and when
// there are none, one of the others.
func prompt(now *Snapshot, touches []touch) []touch {
	if now.hash == "" { // the first publish is one, so that what is announced is whole
		return touches
	}
	var light []touch
	var heavy *touch
	pages := 0
	for i, t := range touches {
		k := now.key(t.keyID)
		switch {
		case k != nil && len(k.Paths) >= manyPages:
			if heavy == nil {
				heavy = &touches[i]
			}
			continue
		case k != nil:
			pages += len(k.Paths)
		default:
			pages++
		}
		if light = append(light, t); pages >= batchPages {
			break
		}
	}
	if len(light) > 0 || heavy == nil {
		return light
	}
	return []touch{*heavy}
}

// expand puts every key there is, and every key that is shown, on the list in place of "everything".
func (p *Publisher) expand(ctx context.Context, all touch) error {
	ids := map[keyID]bool{}
	for name, source := range p.sources {
		keys, err := source.Keys(ctx)
		if err != nil {
			return fmt.Errorf("keys of %s: %w", name, err)
		}
		for _, key := range keys {
			ids[keyID{name, key}] = true
		}
	}
	_, base, _, err := p.base(ctx)
	if err != nil {
		return err
	}
	for k := range base.allKeys() {
		ids[k.keyID] = true
	}
	return p.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		for _, id := range slices.SortedFunc(maps.Keys(ids), keyID.compare) {
			if err := writeTouch(ctx, tx, id); err != nil {
				return err
			}
		}
		return deleteTouch(ctx, tx, all)
	})
}

// base gives the newest published snapshot by the database's word. lost tells that its files
// cannot be read although the store answers (it was replaced, or is another than the database
// belongs to): publishing then starts from nothing and everything must be rendered anew.
func (p *Publisher) base(ctx context.Context) (h head, base *Snapshot, lost bool, err error) {
	h, err = readHead(ctx, p.db.Read())
	if err != nil {
		return h, nil, false, fmt.Errorf("read the published generation: %w", err)
	}
	if h.manifest == "" {
		return h, emptySnapshot(h.generation), false, nil
	}
	now := p.site.Snapshot()
	if now != nil && now.hash == h.manifest && !now.bare {
		return h, now, false, nil
	}
	base, err = loadSnapshot(ctx, p.site.store, h.manifest, now)
	if err == nil {
		return h, base, false, nil
	}
	if storeErr := p.reachable(ctx); storeErr != nil {
		return h, nil, false, storeErr
	}
	slog.ErrorContext(ctx, "published snapshot cannot be read, rendering everything anew", "generation", h.generation, "error", err)
	return h, emptySnapshot(h.generation), true, nil
}

// reachable tells whether the store answers at all.
func (p *Publisher) reachable(ctx context.Context) error {
	_, err := putBytes(ctx, p.site.store, []byte("reachable"))
	return err
}

// publish makes one snapshot of the touched keys.
func (p *Publisher) publish(ctx context.Context, touches []touch, refused map[keyID]error) error {
	for range attempts {
		// The head is read before the keys are rendered: what this renders is then never older
		// than what the head already shows.
		from, base, lost, err := p.base(ctx)
		if err != nil {
			return err
		}
		updates := p.render(ctx, touches)
		if err := ctx.Err(); err != nil {
			return err
		}
		next, bad, err := p.site.build(ctx, base, updates, p.db.Clock().Millis())
		if err != nil {
			return fmt.Errorf("store snapshot %d: %w", base.generation+1, err)
		}
		err = p.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			if next != base {
				if err := moveHead(ctx, tx, from, next); err != nil {
					return err
				}
			}
			if lost {
				if err := writeTouch(ctx, tx, everything); err != nil {
					return err
				}
			}
			for _, t := range touches {
				if bad[t.keyID] == nil {
					if err := deleteTouch(ctx, tx, t); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if fault.Is(err, fault.Conflict) {
			continue // another node published: take its snapshot and render again
		}
		if err != nil {
			return fmt.Errorf("publish snapshot %d: %w", next.generation, err)
		}
		maps.Copy(refused, bad)
		if next == base {
			p.site.show(ctx, base) // another node's, perhaps
			return nil
		}
		slog.InfoContext(ctx, "snapshot published", "generation", next.generation, "keys", len(touches), "refused", len(bad))
		if err := p.point(ctx); err != nil {
			return err
		}
		p.site.show(ctx, next)
		return nil
	}
	return fault.New(fault.Busy, "Nhiều máy chủ đang công bố cùng lúc. Hệ thống sẽ tự thử lại.")
}

// render asks the sources for the keys' pages. A key of a source that no longer exists shows
// nothing.
func (p *Publisher) render(ctx context.Context, touches []touch) []update {
	updates := make([]update, len(touches))
	var group errgroup.Group
	group.SetLimit(renderers)
	for i, t := range touches {
		updates[i].keyID = t.keyID
		source, known := p.sources[t.Source]
		if !known {
			continue
		}
		group.Go(func() error {
			defer func() {
				if r := recover(); r != nil { // one key's mistake must not stop the others
					updates[i].err = fmt.Errorf("panic: %v", r)
				}
			}()
			updates[i].rendered, updates[i].err = source.Render(ctx, t.Key)
			return nil
		})
	}
	_ = group.Wait() // failures are kept per key
	return updates
}

// point makes the store's pointer name the database's newest snapshot. It looks again after
// writing: of two nodes that write in the wrong order one sees it, and the pointer comes right.
func (p *Publisher) point(ctx context.Context) error {
	for range attempts {
		h, err := readHead(ctx, p.db.Read())
		if err != nil || h.manifest == "" {
			return err
		}
		was, err := readPointer(ctx, p.site.store)
		if err == nil && was.Manifest == h.manifest {
			return nil
		}
		if err := p.site.point(ctx, h.generation, h.manifest, h.previous); err != nil {
			return fmt.Errorf("point at snapshot %d: %w", h.generation, err)
		}
	}
	return fault.New(fault.Busy, "Nhiều máy chủ đang công bố cùng lúc. Hệ thống sẽ tự thử lại.")
}

// tick runs every minute: it mends a pointer that a crash left behind, draws everything anew when
// nothing of what was published can be read, takes up keys whose job was given up, and makes timers
// of what is due soon.
func (p *Publisher) tick(ctx context.Context) error {
	if h, err := readHead(ctx, p.db.Read()); err == nil && h.manifest != "" && p.site.Snapshot() == nil {
		if err := p.RebuildAll(ctx); err != nil {
			return err
		}
	}
	waiting, err := readTouches(ctx, p.db.Read(), 1, 0)
	if err != nil {
		return err
	}
	if len(waiting) > 0 {
		err = p.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			return jobs.Queue(ctx, tx, jobRender, struct{}{}, jobs.Unique(jobRender))
		})
	}
	return errors.Join(err, p.point(ctx), p.schedule(ctx))
}

// horizon is how far ahead timers are made: more than one tick, and little enough that a changed
// deadline leaves few useless ones.
const horizon = 3 * time.Minute

// schedule makes a timer for each source whose pages change by the clock within the horizon.
func (p *Publisher) schedule(ctx context.Context) error {
	now := p.db.Clock().Now()
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(p.sources)) {
		next := p.sources[name].Next
		if next == nil {
			continue
		}
		at, keys, err := next(ctx, now)
		if err != nil {
			errs = append(errs, fmt.Errorf("next change of %s: %w", name, err))
			continue
		}
		if at.IsZero() || at.Sub(now) > horizon {
			continue
		}
		err = p.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
			return jobs.Queue(ctx, tx, jobDue, dueKeys{name, keys}, jobs.At(at),
				jobs.Unique(fmt.Sprintf("%s:%s:%d", jobDue, name, at.UnixMilli())))
		})
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// dueKeys is the payload of a timer. No keys: all of the source.
type dueKeys struct {
	Source string   `json:"source"`
	Keys   []string `json:"keys"`
}

// due touches what a timer names. The publish that follows asks for the next instant.
func (p *Publisher) due(ctx context.Context, payload json.RawMessage) error {
	var d dueKeys
	if err := json.Unmarshal(payload, &d); err != nil {
		return err
	}
	source, known := p.sources[d.Source]
	if !known {
		return nil
	}
	if len(d.Keys) == 0 {
		keys, err := source.Keys(ctx)
		if err != nil {
			return fmt.Errorf("keys of %s: %w", d.Source, err)
		}
		d.Keys = keys
	}
	return p.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		return p.Touch(ctx, tx, d.Source, d.Keys...)
	})
}
