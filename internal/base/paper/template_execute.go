package paper

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// Execute fills the template. Values of data are strings, whole numbers, booleans (in conditions),
// maps of such, and tables: []map[string]any. It returns fault.Invalid naming the template, the
// line and the field for what is missing or of the wrong kind.
//
// The document is not checked: the caller may still give it its number and date.
func (t *Template) Execute(data map[string]any) (Document, error) { return t.execute(data, false) }

// Try fills every line of the template, whatever its conditions say and once for each loop, with
// sample data: a capability calls it when a template is saved, so that a name it does not offer is
// refused then and not on the day of the exam. Every table in sample needs a row.
func (t *Template) Try(sample map[string]any) error {
	_, err := t.execute(sample, true)
	return err
}

func (t *Template) execute(data map[string]any, all bool) (Document, error) {
	var d Document
	x := &execution{template: t, doc: &d, all: all, set: map[string]int{}}
	scope := &scope{values: data}
	x.into = &d.Body
	x.nodes(t.head, scope)
	x.nodes(t.body, scope)
	if err := fault.Fields(x.fields...); err != nil {
		return Document{}, err
	}
	return d, nil
}

// A scope holds the fields of a row over those around it.
type scope struct {
	values map[string]any
	outer  *scope
	row    int // from 1; 0 outside of loops
}

type execution struct {
	template *Template
	doc      *Document
	all      bool
	into     *[]Block
	table    *Table
	set      map[string]int // line that set a key
	done     int
	fields   []fault.Field
}

func (x *execution) wrong(line int, format string, args ...any) {
	if len(x.fields) < maxTold {
		x.fields = append(x.fields, fault.Field{Name: templateField,
			Message: fmt.Sprintf("Mẫu “%s”, dòng %d: %s.", x.template.name, line, fmt.Sprintf(format, args...))})
	}
}

func (x *execution) nodes(nodes []node, s *scope) {
	for i := range nodes {
		if x.done++; x.done > maxExecuted {
			if x.done == maxExecuted+1 {
				x.wrong(nodes[i].line, "văn bản dài quá %d dòng", maxExecuted)
			}
			return
		}
		x.node(&nodes[i], s)
	}
}

func (x *execution) node(n *node, s *scope) {
	switch n.kind {
	case aSetting:
		x.setting(n, s)
	case aHeading:
		if title := plain(x.runs(n.text, n.line, s)); clean(title) != "" {
			*x.into = append(*x.into, Heading{Level: n.level, Title: title})
		}
	case aParagraph:
		if runs := trimmed(x.runs(n.text, n.line, s)); len(runs) > 0 {
			*x.into = append(*x.into, Paragraph{Text: runs, Level: n.level, Align: n.align})
		}
	case aDash, aPlus:
		x.item(n, s)
	case anIf:
		v, ok := x.lookup(n.field, n.line, s)
		if x.all {
			x.nodes(n.body, s)
			x.nodes(n.other, s)
		} else if ok && truth(v) != n.not {
			x.nodes(n.body, s)
		} else if ok {
			x.nodes(n.other, s)
		}
	case anEach:
		x.each(n, s)
	case aTable:
		t := &Table{Columns: n.table.columns}
		for _, cells := range n.table.head {
			t.Head = append(t.Head, x.row(cells, false, n.line, s))
		}
		x.table = t
		x.nodes(n.body, s)
		x.table = nil
		*x.into = append(*x.into, *t)
	case aRow:
		x.table.Rows = append(x.table.Rows, x.row(n.cells, n.total, n.line, s))
	case anAppendix:
		a := Appendix{Title: plain(x.runs(n.text, n.line, s)), Landscape: n.wide}
		outside := x.into
		x.into = &a.Body
		x.nodes(n.body, s)
		x.into = outside
		x.doc.Appendices = append(x.doc.Appendices, a)
	}
}

func (x *execution) setting(n *node, s *scope) {
	value := clean(plain(x.runs(n.text, n.line, s)))
	if value == "" {
		return
	}
	key := settings[n.key]
	if before, twice := x.set[n.key]; twice && !key.many && !x.all {
		x.wrong(n.line, "“%s” đã có ở dòng %d", n.key, before)
		return
	}
	x.set[n.key] = n.line
	if problem := key.set(x.doc, value); problem != "" {
		x.wrong(n.line, "%s", problem)
	}
}

// item adds a clause to the list before it, or begins a list.
func (x *execution) item(n *node, s *scope) {
	it := Item{Text: trimmed(x.runs(n.text, n.line, s))}
	if len(it.Text) == 0 {
		return
	}
	var list List
	blocks := *x.into
	if len(blocks) > 0 {
		if l, ok := blocks[len(blocks)-1].(List); ok {
			list, blocks = l, blocks[:len(blocks)-1]
		}
	}
	if n.kind == aDash {
		list.Items = append(list.Items, it)
	} else if len(list.Items) == 0 {
		x.wrong(n.line, "dòng “+” phải đứng dưới một dòng “-”")
		return
	} else {
		above := &list.Items[len(list.Items)-1]
		above.Items = append(above.Items, it)
	}
	*x.into = append(blocks, list)
}

func (x *execution) each(n *node, s *scope) {
	v, ok := x.lookup(n.field, n.line, s)
	if !ok {
		return
	}
	rows, ok := v.([]map[string]any)
	if !ok {
		x.wrong(n.line, "“%s” không phải là bảng nên không lặp được", strings.Join(n.field, "."))
		return
	}
	if x.all {
		if len(rows) == 0 {
			x.wrong(n.line, "dữ liệu mẫu của bảng “%s” không có dòng nào", strings.Join(n.field, "."))
			return
		}
		rows = rows[:1]
	}
	for i, row := range rows {
		x.nodes(n.body, &scope{values: row, outer: s, row: i + 1})
	}
}

func (x *execution) row(cells []cellNode, total bool, line int, s *scope) Row {
	r := Row{Total: total}
	for _, c := range cells {
		r.Cells = append(r.Cells, Cell{Text: trimmed(x.runs(c.text, line, s)), Span: c.span, Down: c.down})
	}
	return r
}

func (x *execution) runs(parts []part, line int, s *scope) []Run {
	runs := make([]Run, 0, len(parts))
	for _, p := range parts {
		words := p.literal
		if p.field != nil {
			v, ok := x.lookup(p.field, line, s)
			if !ok {
				continue
			}
			var err error
			if words, err = printed(v, p.format); err != nil {
				x.wrong(line, "“%s” %v", strings.Join(p.field, "."), err)
				continue
			}
		}
		runs = append(runs, Run{Text: words, Bold: p.bold, Italic: p.italic})
	}
	return runs
}

// rowNumber is the field that counts the rows of a loop.
const rowNumber = "stt"

// lookup finds a field in the innermost scope that has its first part.
func (x *execution) lookup(path []string, line int, s *scope) (any, bool) {
	for in := s; in != nil && len(path) > 0; in = in.outer {
		v, ok := in.values[path[0]]
		if !ok && in.row > 0 && path[0] == rowNumber {
			v, ok = in.row, true
		}
		if !ok {
			continue
		}
		for _, name := range path[1:] {
			m, isMap := v.(map[string]any)
			if v, ok = m[name]; !isMap || !ok {
				x.wrong(line, "thiếu dữ liệu “%s”", strings.Join(path, "."))
				return nil, false
			}
		}
		return v, true
	}
	x.wrong(line, "thiếu dữ liệu “%s”", strings.Join(path, "."))
	return nil, false
}

func truth(v any) bool {
	switch v := v.(type) {
	case bool:
		return v
	case string:
		return clean(v) != ""
	case []map[string]any:
		return len(v) > 0
	case map[string]any:
		return len(v) > 0
	}
	n, ok := whole(v)
	return ok && n != 0
}

func whole(v any) (int64, bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int64:
		return v, true
	case int32:
		return int64(v), true
	}
	return 0, false
}

var (
	errNotText   = errors.New("là bảng hoặc nhóm nên không in được trong dòng")
	errNotNumber = errors.New("không phải là số nên không dùng được kiểu “trơn”, “hai số”")
)

func printed(v any, format string) (string, error) {
	s, isText := v.(string)
	n, isNumber := whole(v)
	switch {
	case !isText && !isNumber:
		return "", errNotText
	case isText && (format == "trơn" || format == "hai số"):
		return "", errNotNumber
	case isText && format == "hoa":
		return upper(s), nil
	case isText:
		return s, nil
	case format == "trơn":
		return strconv.FormatInt(n, 10), nil
	case format == "hai số":
		return fmt.Sprintf("%02d", n), nil
	}
	return text.FormatNumber(n), nil
}
