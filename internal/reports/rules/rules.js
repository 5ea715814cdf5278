// Judges a site's report by the table below, as package rules does on the server. Everything here has
// its twin in expression.go (which explains the language), table.go and rules.go.
(() => {
  "use strict";
  const table = /*rules.json*/null;
  const blank = "[" + table.blank + "]";
  const blanks = new RegExp(blank, "gu"), ends = new RegExp("^" + blank + "+|" + blank + "+$", "gu");

  const str = v => typeof v === "string" || typeof v === "number" ? String(v) : "";
  const num = v => v == null ? 0 : typeof v === "number" ? v : NaN;
  const list = v => Array.isArray(v) ? v : [];
  const get = (of, key) => of == null ? of : of[key];
  const keys = v => typeof v === "object" ? Object.keys(v || {}) : [];
  const text = (a, b) => typeof a === "string" || typeof b === "string";
  const letters = v => [...str(v).replace(blanks, "")].length;
  const count = v => {
    const s = str(v).replace(ends, "").replace(/[０-９]/g, d => d.charCodeAt(0) - 0xff10);
    return /^[0-9]{1,5}$/.test(s) ? Number(s) : NaN;
  };

  const functions = {
    n: count,
    n0: v => letters(v) ? count(v) : 0,
    letters,
    length: v => [...str(v)].length,
    size: v => keys(v).length,
    keys,
    max: (a, b) => Math.max(num(a), num(b)),
    ceil: (a, b) => Math.ceil(num(a) / num(b)),
    if: (c, a, b) => c ? a : b,
    quote: v => {
      const all = [...str(v).replace(blanks, " ")];
      return all.slice(0, 20).join("") + (all.length > 20 ? "…" : "");
    },
    id: v => /^[A-Za-z0-9-]{1,64}$/.test(str(v)),
    time: v => /^([01][0-9]|2[0-3]):[0-5][0-9]$/.test(str(v)) ? v.slice(0, 2) * 60 + Number(v.slice(3)) : NaN,
    clock: v => new Date(num(v) + 252e5).toISOString().slice(11, 16),
  };
  const forms = {
    sum: (all, of) => all.reduce((n, x) => n + num(of(x)), 0),
    most: (all, of) => all.reduce((n, x) => Math.max(n, num(of(x))), 0),
    any: (all, of) => all.some(of),
    filter: (all, of) => all.filter(of),
  };
  const operators = {
    or: [1, (a, b) => !!(a || b)],
    and: [2, (a, b) => !!(a && b)],
    "==": [3, (a, b) => text(a, b) ? str(a) === str(b) : num(a) === num(b)],
    "!=": [3, (a, b) => text(a, b) ? str(a) !== str(b) : num(a) < num(b) || num(a) > num(b)],
    "<": [3, (a, b) => num(a) < num(b)],
    "<=": [3, (a, b) => num(a) <= num(b)],
    ">": [3, (a, b) => num(a) > num(b)],
    ">=": [3, (a, b) => num(a) >= num(b)],
    "+": [4, (a, b) => text(a, b) ? str(a) + str(b) : num(a) + num(b)],
    "-": [4, (a, b) => num(a) - num(b)],
    "*": [5, (a, b) => num(a) * num(b)],
  };

  const bind = (up, name, value) => ({ up, name, value });

  // The table was read by the server before it came here: no mistake is looked for.
  const compile = source => {
    const tokens = source.match(/'[^']*'|\w+|[<>=!]=|\S/g);
    let at = 0;
    const eat = t => tokens[at] === t && ++at;
    // inner reads an expression and what closes it.
    const inner = () => {
      const e = binary(1);
      at++;
      return e;
    };
    const binary = level => {
      let a = unary();
      for (let op; (op = operators[tokens[at]]) && op[0] >= level;) {
        at++;
        const l = a, r = binary(op[0] + 1), call = op[1];
        a = s => call(l(s), r(s));
      }
      return a;
    };
    const unary = () => {
      if (eat("not")) {
        const a = binary(3);
        return s => !a(s);
      }
      let a = primary();
      for (;;) {
        const of = a;
        if (eat(".")) {
          const key = tokens[at++];
          a = s => get(of(s), key);
        } else if (eat("[")) {
          const key = inner();
          a = s => get(of(s), key(s));
        } else return a;
      }
    };
    const primary = () => {
      const t = tokens[at++];
      if (t === "(") return inner();
      if (t[0] === "'") return () => t.slice(1, -1);
      if (/^\d/.test(t)) return () => Number(t);
      if (!eat("(")) return s => {
        while (s && s.name !== t) s = s.up;
        return s && s.value;
      };
      if (forms[t]) {
        const x = tokens[at];
        at += 2;
        const all = inner(), of = inner();
        return s => forms[t](list(all(s)), v => of(bind(s, x, v)));
      }
      const args = [];
      do args.push(binary(1)); while (eat(","));
      at++;
      return s => functions[t](...args.map(a => a(s)));
    };
    return binary(1);
  };

  const template = (...texts) => {
    const parts = texts.map(t => t || "").join("").split(/[{}]/).map((p, i) => i % 2 ? compile(p) : () => p);
    return s => parts.map(p => str(p(s))).join("");
  };
  const ready = r => {
    const c = table.scopes[r.scope] || {};
    const binds = (c.with || []).concat(r.with || []).map(b => {
      const [, name, how, of] = /^(\w+) (in|=) (.*)$/.exec(b);
      return { name, loop: how === "in", of: compile(of) };
    });
    return Object.assign({}, r, { binds, broken: compile(r.if), at: template(c.at, r.at), say: template(c.say, r.say) });
  };
  const rules = table.rules.map(ready), running = ready(table.running);

  const byKey = lines => {
    const all = Object.create(null);
    for (const l of list(lines)) all[l.key] = all[l.key] || l;
    return all;
  };
  const run = (rules, report, basis) => {
    const names = { report, basis, table, line: byKey(report.lines), first: byKey(basis.first) };
    const world = keys(names).reduce((s, k) => bind(s, k, names[k]), null);
    const found = [];
    for (const r of rules) {
      const before = found.length;
      const each = (s, n) => {
        const b = r.binds[n];
        if (!b) {
          if (!r.broken(s)) return;
          const field = r.at(s), f = { rule: r.id, level: r.level || "E", field };
          if (r.level) f.key = r.id + ":" + field;
          f.message = r.say(s);
          found.push(f);
        } else if (b.loop) list(b.of(s)).forEach((v, i) => each(bind(bind(s, b.name, v), "i", i), n + 1));
        else each(bind(s, b.name, b.of(s)), n + 1);
      };
      each(world, 0);
      if (r.stop && found.length > before) break;
    }
    return found;
  };

  const api = {
    check: (report, basis) => run(rules, report, basis),
    judge: (report, basis) => {
      const v = { errors: [], open: [], answered: [] };
      for (const f of api.check(report, basis)) {
        (f.key ? letters(get(report.reasons, f.key)) < table.reason ? v.open : v.answered : v.errors).push(f);
      }
      return v;
    },
    running: (report, basis) => {
      const lines = {};
      for (const f of run([running], report, basis)) lines[f.field] = f.message;
      return lines;
    },
  };
  if (typeof module === "object") module.exports = api;
  else self.reportRules = api;
})();
