// A page of the Council that draws itself anew when something changed: the parts marked data-song are taken
// from a fresh copy of the page. What is being typed, open or in focus stays. Without server-sent events it
// asks every twenty seconds; without script one presses "Tải lại".
const line = document.getElementById("noi"), heard = document.getElementById("bang-bao");
let drawing = false, again = false, tick = document.querySelector("[data-tick]")?.dataset.tick, source;
const say = words => { if (line && line.textContent !== words) line.textContent = words; };
const typed = box => [...box.querySelectorAll("input[id], textarea[id], select[id]")].filter(i =>
  i.type === "checkbox" || i.type === "radio" ? i.checked !== i.defaultChecked : i.value !== (i.defaultValue ?? i.value));
const name = e => e?.id ? "#" + CSS.escape(e.id) : e?.getAttribute?.("href") ? `a[href="${CSS.escape(e.getAttribute("href"))}"]` : "";

function swap(box, fresh) {
  if (box.innerHTML === fresh.innerHTML) return;
  const kept = typed(box).map(i => [i.id, i.value, i.checked]), open = [...box.querySelectorAll("details[id][open]")].map(d => d.id);
  const at = box.contains(document.activeElement) ? document.activeElement : null, back = name(at), from = at?.selectionStart, to = at?.selectionEnd;
  const scroll = [...box.querySelectorAll(".wide")].map(w => w.scrollTop);
  box.replaceChildren(...fresh.childNodes);
  for (const a of ["class", "data-tick"]) if (fresh.hasAttribute(a)) box.setAttribute(a, fresh.getAttribute(a));
  for (const [id, value, checked] of kept) {
    const i = document.getElementById(id);
    if (i) { i.value = value; i.checked = checked; }
  }
  open.forEach(id => document.getElementById(id)?.setAttribute("open", ""));
  box.querySelectorAll(".wide").forEach((w, i) => { w.scrollTop = scroll[i] ?? 0; });
  const now = back && box.querySelector(back);
  if (!now) return;
  now.focus({ preventScroll: true });
  if (from != null) try { now.setSelectionRange(from, to); } catch { /* a box to tick has none */ }
}

async function draw() {
  if (drawing) { again = true; return; }
  drawing = true;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.redirected && new URL(answer.url).pathname !== location.pathname) return say("Phiên làm việc đã hết. Hãy tải lại trang để đăng nhập.");
    if (!answer.ok) throw 0;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelectorAll("[data-song]").forEach(box => { const fresh = page.getElementById(box.id); if (fresh) swap(box, fresh); });
    tick = page.querySelector("[data-tick]")?.dataset.tick;
    const words = document.getElementById("bang-loi")?.textContent;
    if (heard && words && heard.textContent !== words) heard.textContent = words;
  } catch {
    say("Mất nối với máy chủ, đang thử lại. Số liệu trên trang có thể đã cũ.");
  } finally {
    drawing = false;
    if (again) { again = false; setTimeout(draw, 250); }
  }
}

function follow() {
  if (!line?.dataset.noi || source) return;
  source = new EventSource(line.dataset.noi);
  source.addEventListener("open", () => say("Tự cập nhật khi có thay đổi."));
  source.addEventListener("moi", e => { if (e.data !== tick) draw(); });
  source.addEventListener("error", () => {
    say("Mất nối với máy chủ, đang thử lại. Số liệu trên trang có thể đã cũ.");
    if (source.readyState === EventSource.CLOSED) { source = null; setTimeout(follow, 20e3); }
  });
}
follow();
// A deadline that passes is no change anybody sends: the clock is looked at too.
setInterval(() => { if (!document.hidden) draw(); }, 20e3);
// A page nobody sees needs no line; a browser opens six at most.
addEventListener("visibilitychange", () => {
  if (document.hidden) { source?.close(); source = null; } else { draw(); follow(); }
});
document.querySelector("[data-in]")?.addEventListener("click", () => print());
