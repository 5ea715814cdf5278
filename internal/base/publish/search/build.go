package search

import "encoding/binary"

// The constants of BM25: how soon repetition stops adding, how much long texts are held back,
// and the length in words that counts as usual. The last is fixed, not the collection's average,
// so that a document's weight does not depend on its neighbours.
const (
	saturation  = 1.2
	lengthShare = 0.4
	usualWords  = 500
)

// A builder makes a segment from entries.
type builder struct {
	seg *segment
	an  *analyser
	ws  []writer
	// The document being read: its occurrences, chained per term in the order of positions.
	occs    []occurrence
	chains  []chain  // by term; valid when chain.doc is the current document
	touched []uint32 // terms of the current document
	doc     uint32
	field   uint8
	buf     []byte
}

type occurrence struct {
	pos    uint32
	next   int32 // in builder.occs, -1 at the end
	field  uint8
	counts bool
}

type chain struct {
	doc        uint32 // current document + 1, so that 0 is none
	head, tail int32
}

// newSegment indexes entries whose keys all differ.
func newSegment(entries []Entry) *segment {
	b := &builder{seg: &segment{
		docs:  make([]doc, len(entries)),
		keys:  make(map[string]uint32, len(entries)),
		terms: newTerms(),
	}}
	b.an = newAnalyser(b.seg.terms, b.occur)
	for i := range entries {
		b.doc = uint32(i)
		b.seg.docs[i].Entry = entries[i]
		b.seg.keys[entries[i].Key] = b.doc
		b.read(&b.seg.docs[i])
	}
	for len(b.ws) < len(b.seg.terms.names) {
		b.ws = append(b.ws, writer{})
	}
	b.seg.lists = pack(b.ws)
	return b.seg
}

func (b *builder) read(d *doc) {
	b.occs, b.touched = b.occs[:0], b.touched[:0]
	pos, words := uint32(0), 0
	for f := range fields {
		d.first[f] = pos
		b.field = uint8(f)
		words = b.an.read(d.field(f), pos)
		pos += uint32(words) + fieldGap
	}
	for i := checkpointWords; i < len(b.an.words); i += checkpointWords { // the text was read last
		d.checkpoints = append(d.checkpoints, uint32(b.an.words[i].start))
	}
	for _, term := range b.touched {
		b.post(term, words)
	}
}

func (b *builder) occur(term, pos uint32, counts bool) {
	for int(term) >= len(b.chains) {
		b.chains = append(b.chains, chain{})
	}
	c := &b.chains[term]
	n := int32(len(b.occs))
	if c.doc != b.doc+1 {
		*c = chain{doc: b.doc + 1, head: n}
		b.touched = append(b.touched, term)
	} else {
		b.occs[c.tail].next = n
	}
	c.tail = n
	b.occs = append(b.occs, occurrence{pos: pos, next: -1, field: b.field, counts: counts})
}

// post writes the current document into a term's list.
func (b *builder) post(term uint32, textWords int) {
	var counts [fields]int
	var flags uint8
	b.buf = b.buf[:0]
	last := int64(-1)
	for i := b.chains[term].head; i >= 0; i = b.occs[i].next {
		o := &b.occs[i]
		switch o.field {
		case fieldNumber:
			flags |= inNumber
		case fieldTitle:
			flags |= inTitle
		}
		if o.counts {
			counts[o.field]++
		}
		if int64(o.pos) <= last { // names of one concept overlap: "thông cáo", "thông cáo báo chí"
			continue
		}
		b.buf = binary.AppendUvarint(b.buf, uint64(int64(o.pos)-max(last, 0)))
		last = int64(o.pos)
	}
	for int(term) >= len(b.ws) {
		b.ws = append(b.ws, writer{})
	}
	b.ws[term].add(b.doc, impact(counts, textWords), flags, b.buf)
}

// impact gives how much a document is about a term, 1 to 255.
func impact(counts [fields]int, textWords int) uint8 {
	body := float32(counts[fieldText]) / (1 - lengthShare + lengthShare*float32(textWords)/usualWords)
	sum := body
	for f := range fieldText {
		sum += fieldWeights[f] * float32(min(counts[f], 2))
	}
	return uint8(1 + 254*sum/(sum+saturation*2))
}
