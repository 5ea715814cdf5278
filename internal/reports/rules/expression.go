package rules

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"bangvang/internal/base/text"
)

// The expression language of the rules. rules.js reads it too, and the two must never differ: what
// one cannot do exactly like the other has no place here.
//
//	expr  = "not" expr | expr op expr | value
//	op    = "or" < "and" < "==" "!=" "<" "<=" ">" ">=" < "+" "-" < "*"
//	value = 12 | 'text' | name | f(expr, …) | form(x in list, expr) | (expr) | value.name | value[expr]
//
// A value is a number, a text, true or false, a list, a record, or nothing. Numbers are IEEE doubles.
// What is no number is NaN in arithmetic, and since every comparison of numbers with NaN is false, a rule
// never fires over a field that V-01 has refused already. Nothing counts as 0, "", false or an empty
// list, so a field that JSON leaves out means what it says. With a text + joins and == compares as
// text; a count as typed goes through n (nothing typed is NaN) or n0 (nothing typed is 0).

// A scope is the names an expression may use, the innermost first.
type scope struct {
	name  string
	value any // float64, string, bool, []any, map[string]any or nil
	up    *scope
}

func (s *scope) with(name string, value any) *scope { return &scope{name, value, s} }

// An expr is an expression ready to be evaluated.
type expr func(*scope) any

// functions by name, with how many arguments they take.
var functions = map[string]struct {
	args int
	call func(a []any) any
}{
	"n":       {1, func(a []any) any { return count(a[0]) }},
	"n0":      {1, func(a []any) any { return ifElse(letters(a[0]) == 0, 0, count(a[0])) }},
	"letters": {1, func(a []any) any { return letters(a[0]) }}, // characters that are no blanks
	"length":  {1, func(a []any) any { return float64(utf8.RuneCountInString(str(a[0]))) }},
	"size":    {1, func(a []any) any { return float64(len(list(a[0])) + len(record(a[0]))) }},
	"keys":    {1, func(a []any) any { return keys(a[0]) }},
	"max":     {2, func(a []any) any { return max(num(a[0]), num(a[1])) }},
	"ceil":    {2, func(a []any) any { return math.Ceil(num(a[0]) / num(a[1])) }}, // of a / b
	"if":      {3, func(a []any) any { return ifElse(truth(a[0]), a[1], a[2]) }},
	"quote":   {1, func(a []any) any { return quote(str(a[0])) }}, // a person's text, to show it
	"id":      {1, func(a []any) any { return idForm.MatchString(str(a[0])) }},
	"time":    {1, func(a []any) any { return minutes(str(a[0])) }},   // of "07:35", NaN when it is no time of day
	"clock":   {1, func(a []any) any { return timeOfDay(num(a[0])) }}, // of an instant in Vietnam, "07:35"
}

// forms by name: they take a list and an expression that is evaluated once for each x in it.
var forms = map[string]func(list []any, of func(x any) any) any{
	"sum": func(list []any, of func(any) any) any {
		total := 0.0
		for _, x := range list {
			total += num(of(x))
		}
		return total
	},
	"most": func(list []any, of func(any) any) any { // 0 for an empty list
		top := 0.0
		for _, x := range list {
			top = max(top, num(of(x)))
		}
		return top
	},
	"any": func(list []any, of func(any) any) any {
		return slices.ContainsFunc(list, func(x any) bool { return truth(of(x)) })
	},
	"filter": func(list []any, of func(any) any) any {
		var out []any
		for _, x := range list {
			if truth(of(x)) {
				out = append(out, x)
			}
		}
		return out
	},
}

// operators by name, with how tightly they bind.
var operators = map[string]struct {
	level int
	call  func(a, b any) any
}{
	"or":  {1, func(a, b any) any { return truth(a) || truth(b) }},
	"and": {2, func(a, b any) any { return truth(a) && truth(b) }},
	"==":  {3, func(a, b any) any { return equal(a, b) }},
	"!=":  {3, func(a, b any) any { return unequal(a, b) }},
	"<":   {3, func(a, b any) any { return num(a) < num(b) }},
	"<=":  {3, func(a, b any) any { return num(a) <= num(b) }},
	">":   {3, func(a, b any) any { return num(a) > num(b) }},
	">=":  {3, func(a, b any) any { return num(a) >= num(b) }},
	"+":   {4, plus},
	"-":   {4, func(a, b any) any { return num(a) - num(b) }},
	"*":   {5, func(a, b any) any { return num(a) * num(b) }},
}

var (
	token    = regexp.MustCompile(`'[^']*'|\w+|[<>=!]=|\S`)
	name     = regexp.MustCompile(`^[A-Za-z_]\w*$`)
	digits   = regexp.MustCompile(`^[0-9]{1,15}$`)
	idForm   = regexp.MustCompile(`^[A-Za-z0-9-]{1,64}$`)
	timeForm = regexp.MustCompile(`^([01][0-9]|2[0-3]):[0-5][0-9]$`)
)

// compile reads an expression in which the names given have a meaning.
func compile(source string, names ...string) (e expr, err error) {
	p := parser{tokens: token.FindAllString(source, -1), names: names}
	defer func() { // a parser that fails panics, to get out of its depth
		if r := recover(); r != nil {
			wrong, ok := r.(syntaxError)
			if !ok {
				panic(r)
			}
			e, err = nil, fmt.Errorf("expression %q: %s", source, wrong)
		}
	}()
	e = p.binary(1)
	if p.next() != "" {
		p.fail("%q is one too many", p.next())
	}
	return e, nil
}

type parser struct {
	tokens []string
	names  []string
	depth  int
}

type syntaxError string

func (p *parser) fail(format string, args ...any) { panic(syntaxError(fmt.Sprintf(format, args...))) }

func (p *parser) next() string {
	if len(p.tokens) == 0 {
		return ""
	}
	return p.tokens[0]
}

func (p *parser) take() string {
	t := p.next()
	p.tokens = p.tokens[min(1, len(p.tokens)):]
	return t
}

func (p *parser) eat(t string) bool {
	if p.next() != t {
		return false
	}
	p.take()
	return true
}

func (p *parser) must(t string) {
	if !p.eat(t) {
		p.fail("%q where %q should stand", p.next(), t)
	}
}

func (p *parser) name() string {
	if !name.MatchString(p.next()) {
		p.fail("%q is no name", p.next())
	}
	return p.take()
}

// binary reads operators that bind at least as tightly as level.
func (p *parser) binary(level int) expr {
	if p.depth++; p.depth > 100 {
		p.fail("too deep")
	}
	defer func() { p.depth-- }()
	a := p.unary()
	for {
		op, ok := operators[p.next()]
		if !ok || op.level < level {
			return a
		}
		p.take()
		left, right := a, p.binary(op.level+1)
		a = func(s *scope) any { return op.call(left(s), right(s)) }
	}
}

func (p *parser) unary() expr {
	if p.eat("not") {
		a := p.binary(3)
		return func(s *scope) any { return !truth(a(s)) }
	}
	a := p.primary()
	for {
		switch {
		case p.eat("."):
			of, key := a, p.name()
			a = func(s *scope) any { return get(of(s), key) }
		case p.eat("["):
			of, key := a, p.binary(1)
			p.must("]")
			a = func(s *scope) any { return get(of(s), key(s)) }
		default:
			return a
		}
	}
}

func (p *parser) primary() expr {
	t := p.take()
	switch {
	case t == "(":
		a := p.binary(1)
		p.must(")")
		return a
	case len(t) > 1 && t[0] == '\'':
		return func(*scope) any { return t[1 : len(t)-1] }
	case digits.MatchString(t):
		n, _ := strconv.ParseFloat(t, 64)
		return func(*scope) any { return n }
	case !name.MatchString(t):
		p.fail("%q where a value should stand", t)
	case p.eat("("):
		return p.call(t)
	case !slices.Contains(p.names, t):
		p.fail("nobody knows %q", t)
	}
	return func(s *scope) any {
		for ; s != nil; s = s.up {
			if s.name == t {
				return s.value
			}
		}
		return nil
	}
}

// call reads what stands behind "name(".
func (p *parser) call(name string) expr {
	if form, ok := forms[name]; ok {
		x := p.name()
		p.must("in")
		in := p.binary(1)
		p.must(",")
		p.names = append(p.names, x)
		of := p.binary(1)
		p.names = p.names[:len(p.names)-1]
		p.must(")")
		return func(s *scope) any {
			return form(list(in(s)), func(v any) any { return of(s.with(x, v)) })
		}
	}
	f, ok := functions[name]
	if !ok {
		p.fail("there is no function %q", name)
	}
	args := make([]expr, f.args)
	for i := range args {
		if i > 0 {
			p.must(",")
		}
		args[i] = p.binary(1)
	}
	p.must(")")
	return func(s *scope) any {
		values := make([]any, len(args))
		for i, a := range args {
			values[i] = a(s)
		}
		return f.call(values)
	}
}

func truth(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case bool:
		return v
	case float64:
		return v != 0 && v == v
	case string:
		return v != ""
	}
	return true
}

func num(v any) float64 {
	switch v := v.(type) {
	case nil:
		return 0
	case float64:
		return v
	}
	return math.NaN()
}

func str(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

// get gives a record's field or a list's element; nothing where there is none.
func get(of, key any) any {
	switch of := of.(type) {
	case map[string]any:
		return of[str(key)]
	case []any:
		if i, ok := key.(float64); ok && i >= 0 && i < float64(len(of)) && i == math.Trunc(i) {
			return of[int(i)]
		}
	}
	return nil
}

func record(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// keys gives a record's keys in no order: they are good for asking whether any is such and such.
func keys(v any) any {
	out := []any{}
	for k := range record(v) {
		out = append(out, k)
	}
	return out
}

func isText(v any) bool { _, ok := v.(string); return ok }

func equal(a, b any) bool {
	if isText(a) || isText(b) {
		return str(a) == str(b)
	}
	return num(a) == num(b)
}

// unequal is not the opposite of equal: what is no number differs from nothing either.
func unequal(a, b any) bool {
	if isText(a) || isText(b) {
		return str(a) != str(b)
	}
	return num(a) < num(b) || num(a) > num(b)
}

func plus(a, b any) any {
	if isText(a) || isText(b) {
		return str(a) + str(b)
	}
	return num(a) + num(b)
}

// ifElse is for values that are at hand already.
func ifElse[T any](c bool, a, b T) T {
	if c {
		return a
	}
	return b
}

func count(v any) float64 {
	if n, ok := Count(str(v)).Int(); ok {
		return float64(n)
	}
	return math.NaN()
}

func letters(v any) float64 {
	return float64(utf8.RuneCountInString(blanks.ReplaceAllString(str(v), "")))
}

// quote gives the first characters of a text, invisible ones as spaces.
func quote(s string) string {
	const most = 20
	r := []rune(blanks.ReplaceAllString(s, " "))
	if len(r) > most {
		return string(r[:most]) + "…"
	}
	return string(r)
}

func minutes(hhmm string) float64 {
	if !timeForm.MatchString(hhmm) {
		return math.NaN()
	}
	digit := func(i int) float64 { return float64(hhmm[i] - '0') }
	return digit(0)*600 + digit(1)*60 + digit(3)*10 + digit(4)
}

func timeOfDay(ms float64) string { return text.FormatClock(int64(ms)) }
