package search_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"bangvang/internal/base/publish/search"
	"bangvang/internal/base/text"
)

// vocabulary is small, so that drawn texts and queries meet.
var vocabulary = strings.Fields("thi thí thị điểm diem kỳ kì tốt nghiệp trung học phổ thông THPT thpt sở giáo dục và đào tạo GDĐT SGDĐT " +
	"08/CT-UBND 8/ct 15/2020/TT-BGDĐT chỉ thị số 8 08 2021 hoà hòa bình thông cáo báo chí của quy chế nghiep ngiệp")

func drawText(t *rapid.T, label string, most int) string {
	words := rapid.SliceOfN(rapid.SampledFrom(vocabulary), 0, most).Draw(t, label)
	return strings.Join(words, rapid.SampledFrom([]string{" ", ", ", "\n"}).Draw(t, label+" between"))
}

func drawEntry(t *rapid.T) search.Entry {
	return search.Entry{
		Key:     fmt.Sprint("k", rapid.IntRange(0, 25).Draw(t, "key")),
		Kind:    rapid.SampledFrom([]string{"tin", "van-ban"}).Draw(t, "kind"),
		Title:   drawText(t, "title", 6),
		Number:  rapid.SampledFrom([]string{"", "08/CT-UBND", "15/KH-SGDĐT"}).Draw(t, "number"),
		Summary: drawText(t, "summary", 5),
		Text:    drawText(t, "text", 60),
		Day:     rapid.SampledFrom([]string{"", "2021-05-12", "2021-07-07"}).Draw(t, "day"),
		Boost:   rapid.SampledFrom([]float64{0, 1, 1.5}).Draw(t, "boost"),
		Facets:  map[string]string{"nam": rapid.SampledFrom([]string{"2020", "2021"}).Draw(t, "year")},
	}
}

// The answers depend on the entries alone: an index that took over any history of changes answers
// as one built at once from what is left.
func TestAnIndexThatGrewAnswersAsOneBuiltAtOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		grown := search.Build(nil)
		var order []string
		current := map[string]search.Entry{}
		for range rapid.IntRange(1, 12).Draw(t, "changes") {
			changed := rapid.SliceOfN(rapid.Custom(drawEntry), 0, 6).Draw(t, "changed")
			var removed []string
			for range rapid.IntRange(0, 3).Draw(t, "removals") {
				removed = append(removed, fmt.Sprint("k", rapid.IntRange(0, 25).Draw(t, "removed")))
			}
			before := grown
			answer := before.Search(search.Query{Text: "thi"})
			grown = grown.With(changed, removed)
			if again := before.Search(search.Query{Text: "thi"}); !reflect.DeepEqual(answer, again) {
				t.Fatal("With changed the index it was called on")
			}
			for _, key := range removed {
				delete(current, key)
			}
			for _, e := range changed {
				current[e.Key] = e
				order = append(order, e.Key)
			}
		}
		var entries []search.Entry
		for _, key := range order {
			if e, ok := current[key]; ok {
				entries = append(entries, e)
				delete(current, key)
			}
		}
		built := search.Build(entries)
		if grown.Len() != built.Len() {
			t.Fatalf("%d entries grown, %d built", grown.Len(), built.Len())
		}
		for range 8 {
			q := search.Query{
				Text:  drawText(t, "query", 5),
				Kind:  rapid.SampledFrom([]string{"", "tin"}).Draw(t, "of kind"),
				Limit: rapid.IntRange(0, 5).Draw(t, "limit"),
			}
			a, b := grown.Search(q), built.Search(q)
			if !reflect.DeepEqual(a, b) {
				t.Fatalf("%q: grown answers\n%+v\nbuilt answers\n%+v", q.Text, a, b)
			}
		}
	})
}

func TestChangesShowAndGo(t *testing.T) {
	t.Parallel()
	ix := search.Build(registry())
	gone := ix.With(nil, []string{"ct08", "unknown"})
	if r := gone.Search(search.Query{Text: "08/CT-UBND"}); len(r.Hits) != 1 || r.Hits[0].Key != "kh15" {
		t.Errorf("after removal %v, want the document that cites it", keys(r))
	}
	if gone.Len() != ix.Len()-1 {
		t.Errorf("%d entries after removal of one of %d", gone.Len(), ix.Len())
	}
	both := gone.With([]search.Entry{{Key: "ct08", Title: "Bản thay thế"}}, []string{"ct08"})
	if r := both.Search(search.Query{Text: "bản thay thế"}); len(r.Hits) != 1 {
		t.Errorf("removed and changed at once: %v, want it there", keys(r))
	}
	if r := ix.Search(search.Query{Text: "08/CT-UBND"}); r.Hits[0].Key != "ct08" {
		t.Error("the older index lost an entry")
	}
}

func TestManyReadersAndAWriter(t *testing.T) {
	t.Parallel()
	ix := search.Build(registry())
	want := ix.Search(search.Query{Text: "kỳ thi tốt nghiệp"})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got := ix.Search(search.Query{Text: "kỳ thi tốt nghiệp"}); !reflect.DeepEqual(got, want) {
					t.Error("an answer differs")
					return
				}
			}
		})
	}
	next := ix
	for i := range 30 {
		next = next.With([]search.Entry{{Key: fmt.Sprint("new", i), Title: "kỳ thi tốt nghiệp"}}, []string{fmt.Sprint("new", i-5)})
	}
	wg.Wait()
	if got := next.Search(search.Query{Text: "kỳ thi tốt nghiệp"}).Total; got != want.Total+5 {
		t.Errorf("%d hits in the last index, want %d", got, want.Total+5)
	}
}

func TestEntriesComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		entries := rapid.SliceOfN(rapid.Custom(drawEntry), 0, 5).Draw(t, "entries")
		if len(entries) > 0 {
			entries[0].Keywords = []string{"Công văn", ""}
			entries[0].Path = "/van-ban/x"
		}
		data := search.Encode(entries)
		back, err := search.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) != len(back) || len(entries) > 0 && !reflect.DeepEqual(entries, back) {
			t.Fatalf("went in\n%+v\ncame back\n%+v", entries, back)
		}
		if string(search.Encode(back)) != string(data) {
			t.Fatal("equal entries give different bytes")
		}
	})
}

func TestDamagedBytesAreRefused(t *testing.T) {
	t.Parallel()
	good := search.Encode(registry())
	newer := append([]byte(nil), good...)
	newer[4] = 99
	flipped := append([]byte(nil), good...)
	flipped[len(flipped)/2] ^= 0x20
	for name, data := range map[string][]byte{
		"empty": nil, "another file": []byte("%PDF-1.7 …"), "cut short": good[:len(good)/2], "newer version": newer, "one bit flipped": flipped,
	} {
		if _, err := search.Decode(data); !errors.Is(err, search.ErrEncoding) {
			t.Errorf("%s: %v, want ErrEncoding", name, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(search.Encode(nil))
	f.Add(search.Encode(registry()))
	f.Add([]byte("BVSE\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, err := search.Decode(data)
		if err == nil {
			search.Build(entries).Search(search.Query{Text: "thi"})
		}
	})
}

// A text and a query are cut into words alike, whatever they are written in: every word of a text
// finds it and is marked in the title.
func TestEveryWordOfATextFindsIt(t *testing.T) {
	t.Parallel()
	alphabet := []rune("aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạỳýĐẾ0189 ,.-/–_&\n\u00a0\u0301\u0323\u200b字ßİﬁⅣ٣①")
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.SampledFrom(alphabet), 0, 40, -1).Draw(t, "text")
		ix := search.Build([]search.Entry{{Key: "x", Title: s}})
		for _, w := range text.Words(s) {
			r := ix.Search(search.Query{Text: w.Text})
			if len(r.Hits) != 1 {
				t.Fatalf("%q does not find %q (reason %q)", w.Text, s, r.Reason)
			}
			marked := false
			for _, p := range r.Hits[0].Title {
				marked = marked || p.Mark && strings.Contains(p.Text, w.Text)
			}
			if !marked {
				t.Fatalf("%q is not marked in %+v", w.Text, r.Hits[0].Title)
			}
		}
	})
}
