// Adds to a written-out instant how long it is until then. The page is complete without it. The
// server's clock counts: a reader's may be wrong, and a rehearsal moves the server's.
(async () => {
  const vi = [["ngày", 864e5], ["giờ", 36e5], ["phút", 6e4]];
  const left = ms => {
    if (ms <= 0) return "đã đến giờ";
    if (ms < 6e4) return "còn chưa đầy một phút";
    const i = vi.findIndex(([, size]) => ms >= size);
    const [name, size] = vi[i], next = vi[i + 1], n = next ? Math.floor(ms % size / next[1]) : 0;
    return "còn " + Math.floor(ms / size) + " " + name + (n ? " " + n + " " + next[0] : "");
  };
  const asked = await fetch("/gio", { cache: "no-store" }).catch(() => null);
  if (!asked) return; // no clock to go by: the instant itself stands there
  const ahead = Date.parse(asked.ok ? await asked.text() : asked.headers.get("Date")) - Date.now(); // a static mirror has no /gio
  if (isNaN(ahead)) return;
  const tick = () => document.querySelectorAll("[data-den]").forEach(e => {
    e.hidden = false;
    e.textContent = left(Date.parse(e.dataset.den) - Date.now() - ahead);
  });
  tick();
  setInterval(tick, 15e3);
})();
