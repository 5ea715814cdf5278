// Typing a report that is read out, by the keyboard alone: Enter moves on, the server judges what was typed so far
// and gives the sentence to read back.
const form = document.querySelector("[data-kiem]");
if (form) {
  const stops = () => [...form.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(i => i.offsetParent !== null && (i.closest("details") === null || i.closest("details[open]") !== null));
  const next = i => { const all = stops(), at = all.indexOf(i); return all[at + 1]; };
  if (!document.getElementById("loi-bieu-mau")) { const first = stops()[0]; first?.focus(); first?.select?.(); }
  form.addEventListener("keydown", e => {
    const i = e.target;
    if (e.key !== "Enter" || e.isComposing || !(i instanceof HTMLInputElement)) return;
    e.preventDefault();
    if (i.name === "readBack" && i.checked) return form.requestSubmit(document.getElementById("luu"));
    const to = next(i);
    if (!to) return document.getElementById("luu").focus();
    to.focus();
    to.select?.();
  });
  const back = document.getElementById("doc-lai"), more = document.getElementById("ly-do-them"), quiet = back.innerHTML;
  const left = new Set(); // fields that were left: before that nobody is told what is wrong with them
  const field = n => form.elements.namedItem(n), box = i => i?.closest?.(".field");
  function mark(i, words) {
    let p = document.getElementById(i.id + "-loi");
    const b = box(i);
    b.classList.toggle("wrong", Boolean(words));
    if (!words) { p?.remove(); i.removeAttribute("aria-invalid"); i.removeAttribute("aria-describedby"); return; }
    if (!p) {
      p = document.createElement("p");
      p.className = "error"; p.id = i.id + "-loi";
      (b.querySelector("label").parentElement === b ? b : b.firstElementChild).insertBefore(p, i);
    }
    p.textContent = words;
    i.setAttribute("aria-invalid", "true"); i.setAttribute("aria-describedby", p.id);
  }
  // Every warning asks for its reason under the figures; one that is answered stays.
  function ask(asked) {
    for (const a of asked) {
      const name = "reasons." + a.key, known = field(name);
      if (known || !left.has(a.field)) { if (known) { const h = box(known).querySelector(".hint"); if (h) h.textContent = a.message; } continue; }
      const d = document.createElement("div"), l = document.createElement("label"), h = document.createElement("p"), i = document.createElement("input");
      d.className = "field"; i.id = "o-" + name.replace(/[.:]/g, "-"); i.name = name; i.required = true; l.htmlFor = i.id; h.className = "hint"; h.id = i.id + "-goi-y";
      i.setAttribute("aria-describedby", h.id);
      l.textContent = "Lý do, vì đã có cảnh báo " + a.key.split(":")[0]; h.textContent = a.message;
      d.append(l, h, i); more.append(d);
    }
    for (const i of more.querySelectorAll("input")) if (!i.value && i !== document.activeElement && !asked.some(a => "reasons." + a.key === i.name)) box(i).remove();
  }
  let asking = 0;
  async function judge() {
    const mine = ++asking;
    const sent = new URLSearchParams(new FormData(form));
    sent.delete("_once"); // nothing is saved yet
    let got;
    try {
      const answer = await fetch(form.dataset.kiem, { method: "POST", body: sent });
      if (!answer.ok) return;
      got = await answer.json();
    } catch { return; } // saving judges again
    if (mine !== asking) return;
    document.querySelectorAll("[data-chay]").forEach(p => { p.textContent = got.running[p.dataset.chay] ?? ""; });
    const wrong = new Map(got.wrong.map(w => [w.field, w.message]).reverse());
    for (const i of stops()) if (left.has(i.name) && i.type !== "checkbox" && !i.name.startsWith("reasons.") && i.name !== "speaker") mark(i, wrong.get(i.name));
    ask(got.asked);
    if (got.readBack.length) back.replaceChildren(...got.readBack.map(s => Object.assign(document.createElement("p"), { textContent: s })));
    else back.innerHTML = quiet;
  }
  let timer;
  const soon = wait => { clearTimeout(timer); timer = setTimeout(judge, wait); };
  form.addEventListener("input", () => soon(250));
  form.addEventListener("focusout", e => { if (e.target.name && e.target.value) { left.add(e.target.name); soon(0); } });
  form.querySelectorAll("input").forEach(i => { if (i.value && i.type !== "hidden") left.add(i.name); });
  soon(0);
}
