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
// What a site's form keeps for a reload without network is this person's: it goes when they log out. A login that leads
// back to a page follows an expired session, and that page is still open somewhere.
const forget = () => self.caches?.delete("bao-cao-diem-thi");
addEventListener("submit", e => { if (e.target.action.endsWith("/dang-xuat")) forget(); });
if (location.pathname.endsWith("/dang-nhap") && !location.search) forget();
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
// The cells of a grid: arrows and Enter move up and down; a block copied from a spreadsheet fills from the cell on.
document.querySelectorAll("[data-luoi]").forEach(grid => {
  const cells = [...grid.tBodies].flatMap(b => [...b.rows]).map(r => [...r.cells].map(c => c.querySelector("input:not([type=hidden])")));
  const place = cell => {
    const y = cells.findIndex(r => r.includes(cell));
    return y < 0 ? null : [y, cells[y].indexOf(cell)];
  };
  grid.addEventListener("keydown", e => {
    const step = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[e.key], at = step && place(e.target);
    if (!at) return;
    e.preventDefault();
    cells[at[0] + step]?.[at[1]]?.focus();
  });
  grid.addEventListener("paste", e => {
    const block = e.clipboardData.getData("text").replace(/\r/g, "").replace(/\n$/, "").split("\n").map(l => l.split("\t")), at = place(e.target);
    if (!at || block.length < 2 && block[0].length < 2) return;
    e.preventDefault();
    block.forEach((line, dy) => line.forEach((text, dx) => {
      const cell = cells[at[0] + dy]?.[at[1] + dx];
      if (cell && cell.type !== "checkbox") cell.value = text.trim();
    }));
  });
});
