// Small helps on office pages; every page works without them.
// A form goes out once: a second click within ten seconds is dropped.
addEventListener("submit", e => {
  const f = e.target;
  if (f.dataset.sent) return e.preventDefault();
  if (f.method !== "post" || e.defaultPrevented) return;
  f.dataset.sent = "1";
  setTimeout(() => delete f.dataset.sent, 10e3); // the answer may be a download, which leaves the page standing
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(f => delete f.dataset.sent));
// What is wrong with a form is read first.
document.getElementById("loi-bieu-mau")?.focus();
// Long work shows its progress by itself and leads on when it is done.
const work = document.querySelector("[data-tien-do]");
if (work) {
  const timer = setInterval(async () => {
    try {
      const p = await (await fetch(work.dataset.tienDo, { headers: { Accept: "application/json" } })).json();
      if (p.next) return clearInterval(timer), location.replace(p.next);
      const bar = work.querySelector("progress");
      if (p.total) bar.max = p.total, bar.value = p.done;
      work.lastElementChild.lastElementChild.textContent = p.text;
    } catch { /* offline for a moment: the next try may succeed */ }
  }, 2000);
}
