package audit

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"bangvang/internal/base/text"
)

// Words say in Vietnamese what a capability writes into the log, for people to read; exports keep the
// codes. A name may be given for one action alone: "document.issuer from" before "from".
type Words struct {
	Title   string                       // the capability, over its actions in a list
	Actions map[string]string            // what was done: "document.post" → "Đăng lên trang công khai"
	Kinds   map[string]string            // what it was done to: "document" → "Văn bản"
	Fields  map[string]string            // a key of Data → its name; "" = for the export alone
	Values  map[string]map[string]string // a key of Data → value → word; names and days stand for themselves
}

// A Dictionary holds the words of every capability by the first part of its actions: "people" for
// "people.login". What it does not know is told in general words, never by its code.
type Dictionary map[string]Words

// A Choice is one action that a person can look for.
type Choice struct{ Action, Title, Group string }

// Choices gives every action with its words, by capability.
func (d Dictionary) Choices() []Choice {
	var all []Choice
	for _, w := range d {
		for action, title := range w.Actions {
			all = append(all, Choice{action, title, w.Title})
		}
	}
	slices.SortFunc(all, func(a, b Choice) int {
		return cmp.Or(cmp.Compare(text.SortKey(a.Group), text.SortKey(b.Group)), cmp.Compare(text.SortKey(a.Title), text.SortKey(b.Title)), cmp.Compare(a.Action, b.Action))
	})
	return all
}

// Action tells what was done.
func (d Dictionary) Action(action string) string {
	return cmp.Or(d.of(action).Actions[action], "Việc khác")
}

// Kind tells what kind of thing a line speaks of.
func (d Dictionary) Kind(l Line) string { return cmp.Or(d.of(l.Action).Kinds[l.Kind], "–") }

func (d Dictionary) of(action string) Words {
	capability, _, _ := strings.Cut(action, ".")
	return d[capability]
}

// Changes tells a line's data: "vai trò: Văn thư; nơi: toàn Sở". What is empty is left out.
func (d Dictionary) Changes(l Line) string {
	var data map[string]string
	if err := json.Unmarshal([]byte(l.Data), &data); err != nil {
		return ""
	}
	w := d.of(l.Action)
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(data)) {
		name, ok := w.Fields[l.Action+" "+key]
		if !ok {
			name, ok = w.Fields[key]
		}
		if !ok {
			name = key // what it counts by is its name: a paper, a sheet
		}
		if data[key] == "" || name == "" {
			continue
		}
		was, is, changed := strings.Cut(data[key], " → ")
		said := d.value(w, key, was)
		if changed {
			said = cmp.Or(said, "(trống)") + " → " + cmp.Or(d.value(w, key, is), "(trống)")
		}
		parts = append(parts, name+": "+said)
	}
	return strings.Join(parts, "; ")
}

func (d Dictionary) value(w Words, key, value string) string {
	if word := w.Values[key][value]; word != "" {
		return word
	}
	if word := d.of(value).Actions[value]; word != "" {
		return word
	}
	return text.FormatDay(value) // what is no day stays as it is
}
