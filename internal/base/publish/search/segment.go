package search

import (
	"encoding/binary"
	"strings"
)

// A segment is an unchanging part of an index: documents and, for every term, where it stands in
// them. Documents are numbered from 0 within their segment.
type segment struct {
	docs  []doc
	keys  map[string]uint32 // Entry.Key → document
	terms *terms
	lists []postings // by term
}

// terms numbers the terms of a segment. A term is a word's toned form, a concept or a whole
// document number.
type terms struct {
	ids   map[string]uint32
	names []string
	folds map[string][]uint32 // folded form → the terms of its toned forms
}

func newTerms() *terms {
	return &terms{ids: map[string]uint32{}, folds: map[string][]uint32{}}
}

func (t *terms) id(name string) uint32 {
	id, ok := t.ids[name]
	if !ok {
		id = uint32(len(t.names))
		name = strings.Clone(name) // do not keep the text it was cut from
		t.ids[name] = id
		t.names = append(t.names, name)
	}
	return id
}

func (t *terms) word(f form) uint32 {
	n := len(t.names)
	id := t.id(f.toned)
	if len(t.names) > n {
		t.folds[strings.Clone(f.folded)] = append(t.folds[f.folded], id)
	}
	return id
}

// postings hold the documents of one term in ascending order. For each: how many documents lie
// between it and the one before, its impact (one byte), the length of its positions in bytes with
// the two field flags below; in pos, apart, its positions as differences. All are varints.
//
// The impact depends on the document alone, so it stays true when other documents come and go.
type postings struct{ docs, pos []byte }

// Flags of a posting: the term stands in the document's number, in its title.
const (
	inNumber = 1 << iota
	inTitle
	flagBits = 2
)

// A reader walks postings.
type reader struct {
	docs, pos []byte
	next      int    // in docs
	doc       uint32 // the current document; before the first one, the one before 0
	impact    uint8
	flags     uint8
	at        uint32 // in pos: the current document's positions
	length    uint32 // in bytes
}

func (p postings) reader() reader { return reader{docs: p.docs, pos: p.pos, doc: ^uint32(0)} }

// step goes to the next document, false at the end. Searches spend their time here.
func (r *reader) step() bool {
	b, i := r.docs, r.next
	if i >= len(b) {
		return false
	}
	gap := uint32(b[i])
	i++
	if gap >= 0x80 {
		gap, i = uvarint(b, i-1)
	}
	r.doc += gap + 1
	r.impact = b[i]
	length := uint32(b[i+1])
	i += 2
	if length >= 0x80 {
		length, i = uvarint(b, i-1)
	}
	r.flags = uint8(length & (1<<flagBits - 1))
	r.at += r.length
	r.length = length >> flagBits
	r.next = i
	return true
}

// uvarint gives the number at b[i:] and what follows it.
func uvarint(b []byte, i int) (uint32, int) {
	v, n := binary.Uvarint(b[i:])
	return uint32(v), i + n
}

// bytes gives the current document's positions as they are stored.
func (r *reader) bytes() []byte { return r.pos[r.at : r.at+r.length] }

// A writer appends postings of one term.
type writer struct {
	docs, pos []byte
	next      uint32 // the lowest document that may follow
}

func (w *writer) add(doc uint32, impact, flags uint8, pos []byte) {
	w.docs = binary.AppendUvarint(w.docs, uint64(doc-w.next))
	w.docs = append(w.docs, impact)
	w.docs = binary.AppendUvarint(w.docs, uint64(len(pos))<<flagBits|uint64(flags))
	w.pos = append(w.pos, pos...)
	w.next = doc + 1
}

// pack copies the lists into one stretch of memory.
func pack(ws []writer) []postings {
	size := 0
	for i := range ws {
		size += len(ws[i].docs) + len(ws[i].pos)
	}
	arena := make([]byte, 0, size)
	take := func(b []byte) []byte {
		n := len(arena)
		arena = append(arena, b...)
		return arena[n:len(arena):len(arena)]
	}
	lists := make([]postings, len(ws))
	for i := range ws {
		lists[i] = postings{docs: take(ws[i].docs), pos: take(ws[i].pos)}
	}
	return lists
}

// merge makes one segment of the living documents of several.
func merge(parts []part) *segment {
	out := &segment{terms: newTerms(), keys: map[string]uint32{}}
	var ws []writer
	for _, p := range parts {
		renumber := make([]uint32, len(p.docs))
		for i := range p.docs {
			if p.dead.has(uint32(i)) {
				continue
			}
			n := uint32(len(out.docs))
			renumber[i] = n
			out.docs = append(out.docs, p.docs[i])
			out.keys[p.docs[i].Key] = n
		}
		folded := make([]string, len(p.terms.names))
		for f, ids := range p.terms.folds {
			for _, id := range ids {
				folded[id] = f
			}
		}
		for id, list := range p.lists {
			mergeList(out, &ws, list, p, renumber, form{p.terms.names[id], folded[id]})
		}
	}
	out.lists = pack(ws)
	return out
}

// mergeList appends the living documents of one list; a term without any is dropped.
func mergeList(out *segment, ws *[]writer, list postings, p part, renumber []uint32, f form) {
	var w *writer
	for r := list.reader(); r.step(); {
		if p.dead.has(r.doc) {
			continue
		}
		if w == nil {
			id := uint32(0)
			if f.folded == "" {
				id = out.terms.id(f.toned)
			} else {
				id = out.terms.word(f)
			}
			for len(*ws) <= int(id) {
				*ws = append(*ws, writer{})
			}
			w = &(*ws)[id]
		}
		w.add(renumber[r.doc], r.impact, r.flags, r.bytes())
	}
}

// A bitset of documents; nil is empty.
type bitset []uint64

func (b bitset) has(i uint32) bool { return b != nil && b[i/64]&(1<<(i%64)) != 0 }
