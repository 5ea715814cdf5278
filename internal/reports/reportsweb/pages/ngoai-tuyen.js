// Opens the site's form again when there is no network. The form's script keeps the page and its files
// here; nothing else is kept, and nothing is answered from here while the server answers.
const box = "bao-cao-diem-thi";
addEventListener("install", () => skipWaiting());
addEventListener("activate", e => e.waitUntil(clients.claim()));
const kept = async request => (await caches.open(box)).match(request, { ignoreSearch: true });
const within = r => {
  const age = Date.now() - r.headers.get("X-Luc");
  return age > -26e7 && age < r.headers.get("X-Giu"); // the clock may be wrong; that it runs is all that counts
};
const page = async request => {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(15e3) });
  } catch (e) {
    const r = await kept(request);
    if (r && within(r)) return r;
    return new Response("<!doctype html><html lang=vi><meta charset=utf-8><title>Chưa mở được</title><h1>Chưa mở được trang này</h1><p>Máy không có mạng, và trang của buổi thi này chưa được giữ trên máy. Hãy nối mạng rồi tải lại; nếu gấp, gọi điện đọc số liệu cho Hội đồng thi.", { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
  }
};
const file = async request => (await kept(request)) || fetch(request);
addEventListener("fetch", e => {
  const r = e.request, at = new URL(r.url);
  if (r.method !== "GET" || at.origin !== location.origin) return;
  if (r.mode === "navigate") e.respondWith(page(r));
  else if (/\.(js|css|svg|ico)$/.test(at.pathname)) e.respondWith(file(r));
});
