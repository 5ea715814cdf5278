package publish

import (
	"sync"
	"sync/atomic"
)

// memory bounds what loaded pages take. It is a second-chance sweep: when the budget is passed,
// pages nobody asked for since the last sweep leave first.
type memory struct {
	budget int64
	used   atomic.Int64

	sweeping sync.Mutex
	pages    []*page // loaded pages, swept from hand on; guarded by sweeping
	hand     int
}

// keep records that p is loaded. Two requests may load the same page at once: one of them counts.
func (m *memory) keep(p *page, l *loaded) {
	if !p.loaded.CompareAndSwap(nil, l) {
		return
	}
	m.sweeping.Lock()
	defer m.sweeping.Unlock()
	m.pages = append(m.pages, p)
	if m.used.Add(l.cost) > m.budget {
		m.sweep(p)
	}
}

// full tells whether there is no room for pages nobody asked for yet.
func (m *memory) full() bool { return m.used.Load() >= m.budget*9/10 }

// sweep drops pages until a tenth of the budget is free; never spare, which was just loaded.
func (m *memory) sweep(spare *page) {
	for turns := 2 * len(m.pages); turns > 0 && m.used.Load() > m.budget*9/10; turns-- {
		if m.hand >= len(m.pages) {
			m.hand = 0
		}
		p := m.pages[m.hand]
		if p == spare || p.used.Swap(false) {
			m.hand++
			continue
		}
		m.drop(m.hand)
	}
}

// drop takes the page at i out of memory; the last page takes its place in the list.
func (m *memory) drop(i int) {
	if l := m.pages[i].loaded.Swap(nil); l != nil {
		m.used.Add(-l.cost)
	}
	last := len(m.pages) - 1
	m.pages[i], m.pages[last] = m.pages[last], nil
	m.pages = m.pages[:last]
}

// forget drops the pages a new snapshot no longer has; requests that still answer from the old
// one load them again.
func (m *memory) forget(now *Snapshot) {
	m.sweeping.Lock()
	defer m.sweeping.Unlock()
	for i := 0; i < len(m.pages); {
		if p := m.pages[i]; now.page(p.Path) != p {
			m.drop(i)
			continue
		}
		i++
	}
}
