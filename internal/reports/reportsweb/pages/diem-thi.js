// The site's form: checks by the rules while it is typed, keeps every change on this machine, opens
// without network, and sends when it can, again and again under the same id until a receipt is here.
// Without this script the same page posts plain forms.
(() => {
  "use strict";
  const root = document.getElementById("bao-cao");
  if (!root) return;
  const $ = (at, q) => at.querySelector(q), $$ = (at, q) => [...at.querySelectorAll(q)];
  const page = document.documentElement, d = root.dataset, me = d.nguoi, path = d.duong;
  const stored = "tuMay" in page.dataset; // the copy kept on this machine, not an answer of the server
  const bare = "<!doctype html>" + page.outerHTML.replace("<html", "<html data-tu-may=1");
  let basis = JSON.parse(d.canCu), version = d.mau, states = JSON.parse(d.trangThai);

  // What is kept on this machine.
  let keeps = true;
  const disk = {
    get(key) { try { return JSON.parse(localStorage[key] || "null"); } catch { return null; } },
    set(key, v) { try { localStorage[key] = JSON.stringify(v); keeps = true; } catch { keeps = false; } },
    drop(key) { try { localStorage.removeItem(key); } catch { /* nothing is kept then */ } },
    keys() { try { return Object.keys(localStorage).filter(k => k.startsWith("bcdt:")); } catch { return []; } },
  };
  const slot = `bcdt:${basis.site}:${basis.sitting}:`;
  const month = 864e5 * 14;
  for (const key of disk.keys()) {
    const old = disk.get(key);
    if (old && old.may && Date.now() - old.may > (old.gui ? 864e5 * 3 : month)) disk.drop(key);
  }

  // The server's time is learnt, never this machine's believed.
  let shift = stored ? (disk.get("bcdt-gio") || { lech: 0 }).lech : +d.gio - Date.now();
  const learn = (at, began) => { shift = at - (began + Date.now()) / 2; disk.set("bcdt-gio", { lech: shift }); };
  if (!stored) disk.set("bcdt-gio", { lech: shift });
  const now = () => Math.round(Date.now() + shift);
  const clock = at => new Date(at + 252e5).toISOString().slice(11, 16);
  const fresh = () => "m-" + [...crypto.getRandomValues(new Uint8Array(12))].map(b => b.toString(16).padStart(2, "0")).join("");

  // The two parts.
  const parts = {};
  for (const section of $$(root, "[data-luot]")) {
    const n = +section.dataset.luot;
    parts[n] = { n, section, form: $(section, "form"), sent: $(section, "[data-da-gui]"), key: slot + n + ":" + me, touched: new Set(), all: false, extra: [] };
  }
  const both = Object.values(parts);
  const own = name => !["part", "id", "form", "amends", "do"].includes(name);
  const typed = p => {
    const v = {}, r = {};
    for (const e of p.form.elements) {
      if (!e.name || !own(e.name)) continue;
      const value = e.type === "checkbox" ? (e.checked ? "1" : "") : e.value;
      if (e.name.startsWith("reasons.")) r[e.name.slice(8)] = value;
      else if (value) v[e.name] = value;
    }
    return { v, r: Object.assign({}, p.draft.r, r) };
  };
  const put = (p, v) => {
    let most = -1;
    for (const name of Object.keys(v)) most = Math.max(most, +(/^incidents\.(\d+)\./.exec(name) || [0, -1])[1]);
    while (most >= rows(p).length) addRow(p);
    for (const e of p.form.elements) {
      if (!e.name || !own(e.name) || e.readOnly || e.name.startsWith("reasons.")) continue;
      if (e.type === "checkbox") e.checked = !!v[e.name];
      else e.value = v[e.name] || "";
    }
    if (most >= 0) $(p.form, "[data-su-co] details").open = true;
  };
  const rows = p => $$(p.form, "[data-cac-su-co] .su-co");
  const addRow = p => {
    const n = rows(p).length;
    const pattern = $(p.form, "template").innerHTML.replace(/incidents([.-])999/g, "incidents$1" + n).replace(/Sự cố 1000/, "Sự cố " + (n + 1));
    $(p.form, "[data-cac-su-co]").insertAdjacentHTML("beforeend", pattern);
    return rows(p)[n];
  };
  const save = p => {
    Object.assign(p.draft, typed(p), { luc: now(), may: Date.now(), ten: d.ten });
    disk.set(p.key, p.draft);
  };

  // The report that a part's form makes, and where on the form its numbering of staff and incidents stands.
  const count = s => { s = s || ""; return /^(0|[1-9]\d{0,4})$/.test(s) ? +s : s; };
  const report = p => {
    const { v, r } = typed(p), places = {}, get = name => (v[name] || "").trim();
    const out = { id: p.draft.id, site: basis.site, sitting: basis.sitting, part: p.n, form: version, lines: [] };
    for (const name of ["notHeld", "startedAt", "reporter", "head", "witness", "onlineAt", "offlineAt", "note"]) if (get(name)) out[name] = get(name);
    for (const b of basis.lines) {
      const at = "lines." + b.key + ".", line = { key: b.key }, last = p.n === 2 ? ["reprimanded", "warned", "suspended"] : [];
      const input = p.form.elements[at + "registered"];
      line.registered = count(input ? input.value.trim() : b.registered);
      let any = "";
      for (const f of ["present", "absent", "rooms", ...last]) line[f] = count(get(at + f)), any += get(at + f);
      for (const w of basis.absenceReasons) if (get(at + "why." + w.code)) (line.why = line.why || {})[w.code] = count(get(at + "why." + w.code)), any += "x";
      if (p.n === 2 && get(at + "sheets")) line.sheets = count(get(at + "sheets")), any += "x";
      if (!out.notHeld || any) out.lines.push(line);
    }
    if (p.n === 2) {
      for (const k of basis.staffKinds) {
        const n = get(`staff.${k.code}.count`), note = get(`staff.${k.code}.note`);
        if (!n && !note) continue;
        places["staff." + ((out.staff = out.staff || []).length)] = "staff." + k.code;
        out.staff.push({ kind: k.code, count: count(n), note });
      }
      if (v.noIncident) out.noIncident = true;
    }
    rows(p).forEach((row, i) => {
      const at = `incidents.${i}.`;
      if (!get(at + "category") && !get(at + "at") && !get(at + "what") && !get(at + "action")) return;
      places["incidents." + ((out.incidents = out.incidents || []).length)] = "incidents." + i;
      out.incidents.push({ category: get(at + "category"), severity: get(at + "severity"), at: get(at + "at"), what: get(at + "what"), action: get(at + "action"), open: !!v[at + "open"] });
    });
    if (!out.lines.length) delete out.lines;
    for (const key of Object.keys(r)) if (r[key].trim()) (out.reasons = out.reasons || {})[key] = r[key].trim();
    return { out, places };
  };
  const against = p => {
    const b = Object.assign({}, basis, { now: now() });
    if (p.n === 2) {
      const first = report(parts[1]).out.lines || [];
      if (first.some(l => l.present !== "")) b.first = first;
    }
    return b;
  };

  // Messages at the fields.
  const make = (tag, cls, text) => Object.assign(document.createElement(tag), { className: cls || "", textContent: text || "" });
  const placed = (p, field, places) => {
    for (const at of Object.keys(places)) if (field.startsWith(at + ".")) field = places[at] + field.slice(at.length);
    field = field.replace(/^(staff\..*)\.kind$/, "$1.count");
    return $(p.form, `[data-o="${CSS.escape(field)}"]`) ? field : "";
  };
  const judge = p => {
    const { out, places } = report(p), b = against(p), v = reportRules.judge(out, b);
    const found = [].concat(v.errors, v.open, v.answered).map(f => ({ at: placed(p, f.field, places), key: f.key, text: f.message }));
    for (const w of p.extra) {
      const key = w.o.startsWith("reasons.") ? w.o.slice(8) : undefined, field = key ? key.slice(key.indexOf(":") + 1) : w.o;
      if (!found.some(f => key ? f.key === key : f.text === w.loi)) found.push({ at: placed(p, field, places), key, text: w.loi });
    }
    return { found, out, ok: !v.errors.length && !v.open.length && !p.extra.length, lines: reportRules.running(out, b), left: found.filter(f => !(f.key && (out.reasons || {})[f.key] && v.answered.some(a => a.key === f.key))) };
  };
  const shown = (p, f) => p.all || p.touched.has(f.at) || f.key && (p.draft.r || {})[f.key] ||
    /\.why$/.test(f.at) && [...p.touched].some(t => t.startsWith(f.at + "."));
  const draw = p => {
    const j = judge(p), by = {};
    for (const f of j.found) if (shown(p, f)) (by[f.at] = by[f.at] || []).push(f);
    for (const o of $$(p.form, "[data-o]")) {
      const mine = by[o.dataset.o] || [], errors = mine.filter(f => !f.key), warnings = mine.filter(f => f.key);
      const sign = errors.map(f => f.text).join("\n"), tin = $(o, ".tin");
      if (tin.dataset.tin !== sign) {
        tin.dataset.tin = sign;
        tin.replaceChildren(...errors.map(f => {
          const line = make("p", "error", " " + f.text);
          line.prepend(make("b", "", "Chưa đúng:"));
          return line;
        }));
        const input = $(o, "input, select, textarea");
        if (input && errors.length) input.setAttribute("aria-invalid", "true"); else if (input) input.removeAttribute("aria-invalid");
      }
      for (const box of $$(o, ":scope > .canh")) if (!warnings.some(f => "reasons." + f.key === $(box, "textarea").name)) box.remove();
      for (const f of warnings) {
        let area = $$(o, ":scope > .canh textarea").find(a => a.name === "reasons." + f.key);
        if (!area) {
          const box = make("div", "canh"), label = make("label", "", "Lý do, nếu số đã đúng"), text = make("p", "", "");
          area = Object.assign(make("textarea"), { name: "reasons." + f.key, rows: 2, id: `l${p.n}-reasons-${f.key}`.replace(/[.:]/g, "-"), value: (p.draft.r || {})[f.key] || "" });
          label.htmlFor = area.id;
          box.append(text, label, area);
          o.append(box);
        }
        const text = $(area.parentNode, "p");
        text.replaceChildren(make("b", "", "Cần xem lại:"), " " + f.text);
      }
      o.classList.toggle("wrong", mine.length > 0);
    }
    for (const line of $$(p.form, "[data-cong]")) {
      const text = j.lines[line.dataset.cong] || "";
      if (line.textContent !== text) line.textContent = text;
      line.classList.toggle("sai", !!text && !text.includes("✓"));
    }
    return j;
  };

  // What was sent.
  const tag = (el, tone, word) => { el.className = "tag " + (tone || ""); el.textContent = word || ""; };
  const text = (at, q, s) => $$(at, q).forEach(e => { e.textContent = s || ""; });
  const showSent = (p, s) => {
    const at = p.sent;
    text(at, "[data-ma]", s.ma);
    text(at, "[data-doc]", `Đọc qua điện thoại: ${s.doc}.`);
    text(at, "[data-luc]", s.khi);
    text(at, "[data-loi-nhan]", s.loi);
    $(at, ".so-lieu").replaceChildren(...(s.so || []).map(x => make("li", "", x)));
    ["[data-noi]", "[data-ngat]", "[data-lap]", "[data-chung]"].forEach((q, i) => text(at, q, (s.nhatKy || [])[i]));
    const day = new Date(s.luc + 252e5);
    text(at, "[data-ngay]", `${day.getUTCDate()}/${day.getUTCMonth() + 1}/${day.getUTCFullYear()}`);
    const word = s.chu || "Đã gửi";
    if (!$(at, ".tag")) $(at, "[data-luc]").parentNode.insertBefore(make("span", "tag"), $(at, "[data-loi-nhan]")).after(" ");
    tag($(at, ".tag"), s.sac, word);
    tag($(p.section, "h2 .tag"), s.sac, word);
    const confirm = $(at, "[data-xac-nhan]");
    confirm.hidden = !s.xacNhan;
    if (s.xacNhan) confirm.href = s.xacNhan;
    at.hidden = false;
    $$(p.section, "[data-nhap-cu]").forEach(e => { e.hidden = true; });
  };
  // settle shows a part as what stands of it and what is kept here want it shown.
  const settle = p => {
    const draft = p.draft, state = states[p.n - 1] || {}, back = state.tra;
    if (draft.gui && back && state.ma === draft.gui.ma) { // it was given back: the figures stay, the next sending is another report
      p.draft = { id: fresh(), v: draft.v, r: draft.r };
      save(p);
    }
    if (!draft.gui && state.ma && !back && state.id === draft.id) { // it had arrived, only the answer was lost
      draft.gui = state;
      draft.cho = false;
      disk.set(p.key, draft);
    }
    const sent = p.draft.gui;
    const mine = sent && sent.ma === state.ma ? Object.assign({}, sent, state) : state.ma && !back && !(sent && sent.luc >= state.luc) ? state : sent;
    if (mine && mine.ma) showSent(p, mine); else p.sent.hidden = true;
    const open = !(mine && mine.ma) || !p.draft.gui && (p.draft.sua || p.draft.luc);
    p.form.hidden = !open || !$(root, "[data-sua]");
    if (mine && mine.ma && open && !p.draft.sua) say(p, state.thay ? "Hội đồng thi đã nhập thay lượt này. Nếu gửi số liệu khác, Thư ký Hội đồng thi sẽ gọi để xác định số đúng." : "Lượt này đã được gửi từ máy khác. Số liệu trên máy này chưa gửi; hãy so với số đã gửi trước khi gửi.");
    if (mine && !open) say(p, "");
    if (!(mine && mine.ma) && (p.draft.cho || back || p.draft.luc)) tag($(p.section, "h2 .tag"), p.draft.cho ? "warn" : back ? "bad" : "", p.draft.cho ? "Đang chờ gửi" : back ? "Đã trả lại" : "Đã lưu trên máy này, chưa gửi");
    const old = $(p.section, "[data-nhap-cu]");
    if (old && p.draft.luc) old.hidden = true;
    $(p.form, "[data-vi-sao]").hidden = !p.draft.sua;
    const lock = !!p.draft.cho;
    for (const e of p.form.elements) if (e.type !== "hidden") e.disabled = lock;
    if (p.draft.luc && !p.draft.gui) $(p.form, "[data-luu]").textContent = lock ? "Đã lưu trên máy này, đang chờ gửi" : keeps ? `Đã lưu trên máy này ${clock(p.draft.luc)}, chưa gửi` : "Máy này không giữ được bản nháp: đừng đóng trang trước khi gửi";
  };
  const say = (p, words) => {
    let box = $(p.section, "[data-bao]");
    if (!box) {
      box = make("p", "nhap-cu");
      box.dataset.bao = "";
      p.section.insertBefore(box, p.sent.nextSibling);
    }
    box.textContent = words;
    box.hidden = !words;
  };

  // One line for the whole page says where the sending is.
  const bar = $(root, "[data-tinh-trang]");
  let ticking;
  const tell = (tone, words, ...more) => {
    clearInterval(ticking);
    bar.hidden = false;
    bar.className = "tinh-trang " + tone;
    bar.replaceChildren(words, ...more);
  };
  const button = (words, act) => Object.assign(make("button", "second", words), { type: "button", onclick: act });

  // Talking to the server.
  const post = (to, body, json) => fetch(path + to, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(25e3), headers: json ? { "Content-Type": "application/json" } : {} });
  const heard = (a, began) => {
    learn(a.gio, began);
    if (a.khac) return a;
    if (a.canCu) adopt(a.canCu, a.mau);
    if (a.luot) states = a.luot;
    for (const p of both) settle(p);
    return a;
  };
  // adopt takes a newer form in: what was typed stays, and what changed is said.
  const adopt = (b, to) => {
    const changed = [];
    for (const l of b.lines) {
      const was = basis.lines.find(o => o.key === l.key);
      if (!was) changed.push(`thêm ${l.name}`);
      else if (was.registered !== l.registered) changed.push(`${l.name}: đăng ký ${was.registered} → ${l.registered}`);
      for (const p of both) {
        const input = p.form.elements[`lines.${l.key}.registered`];
        if (input && input.readOnly) input.value = l.registered;
      }
    }
    for (const was of basis.lines) if (!b.lines.some(l => l.key === was.key)) changed.push(`bớt ${was.name}`);
    basis = b;
    version = to;
    if (changed.length) for (const p of both) if (!p.draft.gui) say(p, "Danh sách đăng ký của điểm thi đã đổi: " + changed.join("; ") + ". Số đã nhập vẫn giữ nguyên, hãy xem lại." + (changed.some(c => c.startsWith("thêm")) ? " Hãy tải lại trang để có môn mới." : ""));
    for (const p of both) draw(p);
  };
  let owing = ""; // the sign of life that is yet to be sent
  let signed = 0;
  const pulse = async (part, sign) => {
    const began = Date.now();
    try {
      const res = await post("/nhip", new URLSearchParams({ nguoi: me, mau: version, luot: part || 0, dau: sign || "" }));
      if (res.type === "opaqueredirect" || res.status === 401) return "login";
      if (!res.ok) return "again";
      const a = heard(await res.json(), began);
      owing = "";
      return a.khac ? stranger(a.khac) : "done";
    } catch {
      if (sign) owing = part;
      return "again";
    }
  };
  const life = p => {
    if (Date.now() - signed < 6e4) return;
    signed = Date.now();
    if (navigator.onLine) pulse(p.n, "draft"); else owing = p.n;
  };

  const alone = act => navigator.locks ? navigator.locks.request("bcdt", act) : act();
  const take = p => { const d = disk.get(p.key); if (d && keeps) p.draft = d; };
  const give = async p => {
    take(p); // another tab may have sent it
    if (!p.draft.cho) return "done";
    const { out } = report(p), body = Object.assign(out, { filledAt: Date.now() });
    if (p.draft.sua) Object.assign(body, { amends: p.draft.sua, why: p.draft.v.why });
    const content = JSON.stringify(Object.assign({}, out, { filledAt: 0, form: "" }));
    if (p.draft.thu && p.draft.thu !== content) { // it was tried, and typed over since: has the first arrived?
      const how = await pulse();
      if (how !== "done") return how;
      if (p.draft.gui) {
        const first = p.draft.gui;
        p.draft = Object.assign({}, p.draft, { id: fresh(), sua: first.ma, gui: null, cho: false, thu: "" });
        save(p);
        settle(p);
        say(p, `Báo cáo trước khi sửa đã đến nơi, biên nhận ${first.ma}. Những số vừa sửa chưa gửi: hãy ghi vì sao sửa rồi gửi lại.`);
        return "done";
      }
    }
    p.draft.thu = content;
    disk.set(p.key, p.draft);
    tell("cho", `Đang gửi lượt ${p.n}…`);
    const began = Date.now();
    let res;
    try {
      res = await post("/gui?nguoi=" + encodeURIComponent(me), JSON.stringify(body), true);
    } catch {
      return "again";
    }
    if (res.type === "opaqueredirect" || res.status === 401) return "login";
    if (res.status >= 500 || res.status === 429 || res.status === 408) return "busy";
    let a;
    try { a = await res.json(); } catch { return res.ok ? "again" : "refused"; }
    if (a.khac) return stranger(a.khac);
    if (a.gui) {
      Object.assign(p.draft, { gui: a.gui, cho: false, thu: "", may: Date.now() });
      disk.set(p.key, p.draft);
      heard(a, began);
      follow();
      tell(a.gui.sac === "warn" ? "cho" : "xong", `Đã nhận lượt ${p.n}. Mã biên nhận: `, make("b", "", a.gui.ma), ". " + (a.gui.loi || ""));
      p.section.scrollIntoView({ block: "start" });
      return "done";
    }
    if (a.sai) {
      Object.assign(p.draft, { cho: false, thu: "" });
      disk.set(p.key, p.draft);
      heard(a, began);
      p.extra = a.canCu ? [] : a.sai; // judged anew by the form as it is now
      p.all = true;
      problems(p, draw(p));
      tell("loi", `Máy chủ chưa nhận lượt ${p.n}: số đã nhập vẫn còn. Hãy sửa các chỗ được đánh dấu rồi gửi lại.`);
      return "done";
    }
    return "refused";
  };
  const stranger = name => {
    tell("loi", `Trên máy này đang đăng nhập bằng tài khoản của ${name}. Số liệu của ${d.ten} vẫn còn trên máy, chưa gửi. `, loginLink("Đăng nhập lại bằng tài khoản của " + d.ten), ...[button("Thử lại", () => pump(true))]);
    return "other";
  };
  const loginLink = words => Object.assign(make("a", "button", words), { href: "/quan-tri/dang-nhap?tiep=" + encodeURIComponent(path), target: "_blank", rel: "opener" });

  // undo takes what waits to be sent back into the form.
  const undo = () => button("Sửa tiếp", () => {
    clearTimeout(timer);
    for (const p of both) if (p.draft.cho) { p.draft.cho = false; disk.set(p.key, p.draft); settle(p); }
    tell("cho", "Chưa gửi. Sửa xong hãy bấm gửi lại.");
  });
  let busy = false, wait = 0, timer;
  const later = (ms, words, tone) => {
    const until = Date.now() + ms, left = make("span");
    left.setAttribute("aria-hidden", "true");
    tell(tone || "cho", words, left, button("Gửi ngay", () => pump(true)), undo());
    const show = () => { left.textContent = ` Tự thử lại sau ${Math.max(0, Math.ceil((until - Date.now()) / 1e3))} giây.`; };
    show();
    ticking = setInterval(show, 1e3);
    clearTimeout(timer);
    timer = setTimeout(pump, ms);
  };
  const pump = async now => {
    clearTimeout(timer);
    if (now) wait = 0;
    if (busy) return;
    const p = both.find(p => p.draft.cho);
    if (!p) return;
    busy = true;
    let how;
    try { how = await alone(() => give(p)); } catch { how = "again"; }
    busy = false;
    settle(p);
    wait = Math.min(wait ? wait * 2 : 4e3, 12e4);
    const pause = wait * (.8 + Math.random() * .4);
    if (how === "done") { wait = 0; return pump(); }
    if (how === "again") return later(pause, "Đã lưu trên máy này, chưa gửi: không có mạng.");
    if (how === "busy") return later(pause, "Đã lưu trên máy này, chưa gửi: máy chủ đang bận.");
    if (how === "login") {
      tell("loi", "Phiên đăng nhập đã hết. Số liệu đã lưu trên máy này, chưa gửi. Đăng nhập lại bằng mã tiếp theo trên phiếu, việc gửi sẽ tự tiếp tục. ", loginLink("Đăng nhập lại"), button("Gửi ngay", () => pump(true)), undo());
      timer = setTimeout(pump, 2e4);
    }
    if (how === "refused") {
      p.draft.cho = false;
      disk.set(p.key, p.draft);
      settle(p);
      tell("loi", "Máy chủ không nhận báo cáo này từ tài khoản đang dùng. Số đã nhập vẫn còn trên máy. Hãy gọi Hội đồng thi và đọc số liệu qua điện thoại.");
    }
  };
  const problems = (p, j) => {
    const box = $(p.form, "[data-tom]"), list = make("ul");
    const left = p.extra.length ? j.found.filter(f => !f.key || !((j.out.reasons || {})[f.key] || "").trim()) : j.left;
    for (const f of left) {
      const item = make("li"), link = make("a", "", f.text), o = $(p.form, `[data-o="${CSS.escape(f.at)}"]`);
      const target = f.key ? $$(p.form, "textarea").find(a => a.name === "reasons." + f.key) : o && ($(o, "input:not([type=hidden]), select, textarea") || $(o, ".tin"));
      link.href = "#" + (target ? target.id : "");
      item.append(link);
      list.append(item);
    }
    const head = make("p");
    head.append(make("strong", "", `Chưa gửi được. Hãy xem ${left.length} chỗ rồi gửi lại`));
    box.replaceChildren(head, list);
    box.className = "notice bad";
    box.hidden = !left.length;
    box.tabIndex = -1;
    if (left.length) box.focus();
    for (const f of left) { const o = $(p.form, `[data-o="${CSS.escape(f.at)}"]`), fold = o && o.closest("details"); if (fold) fold.open = true; }
  };
  const send = p => {
    p.all = true;
    p.extra = [];
    if (p.draft.sua && !typed(p).v.why) p.extra = [{ o: "why", loi: "Hãy ghi vì sao sửa báo cáo đã gửi." }];
    const j = draw(p);
    save(p);
    problems(p, j);
    if (!j.ok) return;
    p.draft.cho = true;
    disk.set(p.key, p.draft);
    settle(p);
    tell("cho", "Đã lưu trên máy này, đang chờ gửi.");
    pump(true);
  };

  // follow fills part 2 with what part 1 says, wherever nobody typed something else.
  const follow = () => {
    const p = parts[2], first = typed(parts[1]).v;
    if (p.draft.cho || p.draft.gui) return;
    let moved = false;
    for (const e of p.form.elements) {
      if (!/^lines\..*\.(present|absent|rooms|why\..*)$|^(startedAt|witness)$/.test(e.name)) continue;
      const v = first[e.name] || "";
      if (e.value === v) { e.dataset.theo = v; continue; }
      if (e.value && e.value !== e.dataset.theo) continue;
      e.value = e.dataset.theo = v;
      moved = true;
    }
    if (moved) { draw(p); fold(p); }
  };
  const fold = p => {
    for (const line of $$(p.form, "[data-mon]")) {
      const gone = p.form.elements[`lines.${line.dataset.mon}.absent`];
      if (gone && +gone.value > 0) $(line, "details").open = true;
    }
  };

  // Somebody else's draft on this machine, of the same site and sitting.
  const others = p => {
    for (const key of disk.keys()) {
      const theirs = disk.get(key);
      if (!key.startsWith(slot + p.n + ":") || key === p.key || !theirs || theirs.gui || !theirs.v) continue;
      say(p, `Trên máy này còn số liệu chưa gửi do ${theirs.ten} nhập lúc ${clock(theirs.luc)}. `);
      $(p.section, "[data-bao]").append(button("Dùng số liệu này", () => {
        p.draft = { id: theirs.id, sua: theirs.sua, v: theirs.v, r: theirs.r || {} };
        put(p, theirs.v);
        save(p);
        disk.drop(key);
        say(p, "");
        draw(p);
        settle(p);
      }));
    }
  };

  for (const p of both) {
    const form = p.form, kept = disk.get(p.key);
    p.draft = kept || { id: fresh(), v: {}, r: {} };
    if (kept && !kept.gui) put(p, kept.v || {});
    $(form, "[data-them]").type = "button";
    form.addEventListener("submit", e => { e.preventDefault(); send(p); });
    form.addEventListener("input", e => {
      p.extra = [];
      if (/\.absent$/.test(e.target.name)) fold(p);
      save(p);
      draw(p);
      settle(p);
      if (p.n === 1) follow();
      life(p);
    });
    form.addEventListener("focusout", e => { if (e.target.name && e.target.value !== undefined && e.target.type !== "submit") { p.touched.add(e.target.name); draw(p); } });
    form.addEventListener("keydown", e => {
      if (e.key !== "Enter" || e.target.tagName !== "INPUT" || e.target.type === "checkbox") return;
      e.preventDefault();
      const all = [...form.elements].filter(x => !x.disabled && !x.readOnly && x.type !== "hidden" && x.tagName !== "FIELDSET" && x.offsetParent);
      const next = all[all.indexOf(e.target) + 1];
      if (next) next.focus();
    });
    $(form, "[data-them]").addEventListener("click", e => { e.preventDefault(); $(addRow(p), "select").focus(); });
    const none = $(form, "[data-khong]");
    if (none) {
      none.hidden = false;
      none.addEventListener("click", () => {
        for (const e of form.elements) if (/\.(reprimanded|warned|suspended)$/.test(e.name) && !e.value) e.value = "0";
        save(p);
        draw(p);
        settle(p);
      });
    }
    const amend = $(p.section, "[data-sua]");
    if (amend) amend.addEventListener("click", e => {
      e.preventDefault();
      const state = states[p.n - 1] || {}, ma = (p.draft.gui && p.draft.gui.ma) || state.ma;
      p.draft = { id: fresh(), v: typed(p).v, r: typed(p).r, sua: state.thay ? "" : ma };
      p.all = false;
      p.touched.clear();
      save(p);
      settle(p);
      p.form.scrollIntoView({ block: "start" });
    });
    const print = $(p.section, "[data-in]");
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
  for (const p of both) { others(p); settle(p); draw(p); fold(p); }
  follow();

  addEventListener("storage", e => {
    for (const p of both) {
      if (e.key !== p.key || !e.newValue) continue;
      const was = p.draft;
      p.draft = JSON.parse(e.newValue);
      if (p.draft.v) put(p, p.draft.v); // nobody types in two tabs at once
      if (p.draft.gui && !was.gui) tell("xong", `Đã nhận lượt ${p.n}. Mã biên nhận: `, make("b", "", p.draft.gui.ma), ".");
      draw(p);
      settle(p);
    }
  });
  addEventListener("online", () => { if (both.some(p => p.draft.cho)) pump(true); else if (owing) pulse(owing, "offline"); else if (stored) pulse(); });
  addEventListener("offline", () => { if (!both.some(p => p.draft.cho)) tell("cho", "Máy không có mạng. Cứ nhập tiếp: mọi số đều được lưu trên máy này."); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) pump(true); });
  setInterval(() => { if (owing && navigator.onLine) pulse(owing, "offline"); }, 3e4);
  addEventListener("beforeunload", e => { if (!keeps && both.some(p => p.draft.luc && !p.draft.gui)) e.preventDefault(); });
  if (stored) {
    tell("cho", "Trang này mở từ bản giữ trên máy. Cứ nhập tiếp: mọi số đều được lưu trên máy này.");
    pulse().then(how => { if (how === "done") bar.hidden = true; });
  }
  pump();

  // Keep the page and its files for a reload without network: only this page, only until the day's end.
  if (self.caches && navigator.serviceWorker) (async () => {
    await navigator.serviceWorker.register(d.tho);
    if (stored) return;
    const box = await caches.open("bao-cao-diem-thi"), files = $$(document, "link[rel=stylesheet], link[rel=icon], script[src]").map(e => new URL(e.href || e.src).pathname);
    for (const r of await box.keys()) {
      const at = new URL(r.url).pathname, old = await box.match(r), person = old.headers.get("X-Nguoi");
      if (person ? person !== me || Date.now() - old.headers.get("X-Luc") > +old.headers.get("X-Giu") : !files.includes(at)) await box.delete(r);
    }
    await Promise.all(files.map(async f => { if (!(await box.match(f))) await box.add(f); }));
    await box.put(path, new Response(bare, { headers: { "Content-Type": "text/html; charset=utf-8", "X-Luc": Date.now(), "X-Giu": d.song, "X-Nguoi": me } }));
    page.dataset.giu = "1";
  })().catch(() => {});
})();
