// Adds to a written-out instant how long it is until then. The page is complete without it.
(() => {
  const vi = [["ngày", 864e5], ["giờ", 36e5], ["phút", 6e4]];
  const left = ms => {
    if (ms <= 0) return "đã đến giờ";
    if (ms < 6e4) return "còn chưa đầy một phút";
    const i = vi.findIndex(([, size]) => ms >= size);
    const [name, size] = vi[i], next = vi[i + 1], n = next ? Math.floor(ms % size / next[1]) : 0;
    return "còn " + Math.floor(ms / size) + " " + name + (n ? " " + n + " " + next[0] : "");
  };
  const tick = () => document.querySelectorAll("[data-den]").forEach(e => {
    e.hidden = false;
    e.textContent = left(Date.parse(e.dataset.den) - Date.now());
  });
  tick();
  setInterval(tick, 15e3);
})();
