package db

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// localBus wakes listeners inside this process and, on PostgreSQL, in the other nodes. It carries
// no facts, only "look again": a listener that misses a call finds everything by polling.
type localBus struct {
	mu   sync.Mutex
	subs map[string][]chan struct{}
	stop context.CancelFunc
	done chan struct{}
}

func newLocalBus() *localBus { return &localBus{subs: map[string][]chan struct{}{}} }

// Wake calls the listeners of topic once tx is committed: those of this process at once, those of
// other nodes through NOTIFY. It differs by necessity: SQLite has no other nodes.
func (tx *Tx) Wake(ctx context.Context, topic string) error {
	if tx.db.engine == Postgres {
		if _, err := tx.ExecContext(ctx, "SELECT pg_notify('bangvang', $1)", topic); err != nil {
			return err
		}
	}
	tx.AfterCommit(func() { tx.db.bus.call(topic) })
	return nil
}

// Listen gives a channel that receives after a [Tx.Wake] of topic. Calls that come while one is
// already waiting to be received are folded into it.
func (d *DB) Listen(topic string) <-chan struct{} {
	c := make(chan struct{}, 1)
	d.bus.mu.Lock()
	d.bus.subs[topic] = append(d.bus.subs[topic], c)
	d.bus.mu.Unlock()
	return c
}

func (b *localBus) call(topic string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.subs[topic] {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// callAll is for the moment after a lost connection, when calls may have been missed.
func (b *localBus) callAll() {
	b.mu.Lock()
	topics := make([]string, 0, len(b.subs))
	for t := range b.subs {
		topics = append(topics, t)
	}
	b.mu.Unlock()
	for _, t := range topics {
		b.call(t)
	}
}

// listenPostgres keeps one connection apart from the pool for LISTEN (dependencies.md §1) and
// opens it again, with growing pauses, when it is lost.
func (b *localBus) listenPostgres(url string) {
	ctx, cancel := context.WithCancel(context.Background())
	b.stop, b.done = cancel, make(chan struct{})
	go func() {
		defer close(b.done)
		pause := 100 * time.Millisecond
		for ctx.Err() == nil {
			if b.listenOnce(ctx, url) {
				pause = 100 * time.Millisecond
			}
			select {
			case <-ctx.Done():
			case <-time.After(pause):
				pause = min(2*pause, 10*time.Second)
			}
		}
	}()
}

func (b *localBus) listenOnce(ctx context.Context, url string) (connected bool) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return false
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(ctx, "LISTEN bangvang"); err != nil {
		return false
	}
	b.callAll()
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			if ctx.Err() == nil {
				slog.WarnContext(ctx, "lost the listening connection; polling until it is back")
			}
			return true
		}
		b.call(n.Payload)
	}
}

func (b *localBus) close() {
	if b.stop != nil {
		b.stop()
		<-b.done
	}
}
