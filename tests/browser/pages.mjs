// What a browser and outside checkers find wrong with our pages.
//
//   node pages.mjs BASE '{"public":["/","/van-ban"],"missing":["/khong-co"],
//                         "office":[{"cookie":"name=value","paths":["/quan-tri/"]}]}'
//
// Each page is opened in Chromium at phone and desk width, light and dark, at 200 % zoom and as
// printed, and judged by axe-core (WCAG 2.2 A and AA, best practice); its HTML is judged by the Nu
// checker and html-validate. Public pages must also load nothing from elsewhere, set no cookie, weigh
// at most 30 kB on a first visit, and say the same without script; those named under "weigh" are only
// judged by that first visit. Timetable and sites fit two sheets of paper. Prints one JSON object:
// {pages:[{path, bytes, requests}], findings:[{path, rule, text}]}. The exit status is 0 when it
// could look at everything, whatever it found; the caller judges the findings.
import { readFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { chromium } from 'playwright-core';
import { HtmlValidate } from 'html-validate';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const [base, request] = process.argv.slice(2);
const { public: open = [], missing = [], office = [], weigh = [] } = JSON.parse(request);
const limit = 30_000;
const findings = [];
const weights = [];
const found = (path, rule, text) => findings.push({ path, rule, text: String(text).slice(0, 600) });

const views = [
  { name: '360 px light', width: 360, scheme: 'light' },
  { name: '360 px dark', width: 360, scheme: 'dark' },
  { name: '1280 px light', width: 1280, scheme: 'light' },
  { name: '1280 px at 200 %', width: 640, scheme: 'light', scale: 2 },
];

const program = ['chromium', 'chromium-browser', 'google-chrome'].map(n => spawnSync('sh', ['-c', `command -v ${n}`]).stdout.toString().trim()).find(Boolean);
const browser = await chromium.launch({
  executablePath: program, headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

// Office pages are looked at as their users do, and on a phone in the dark: each view costs a second.
const officeViews = views.filter(v => v.name === '360 px dark' || v.name === '1280 px light');

async function visit(path, { status = 200, cookie = '' } = {}) {
  for (const v of cookie ? officeViews : views) {
    const page = await tab(v, cookie);
    const response = await page.goto(base + path, { waitUntil: 'load' });
    if (response.status() !== status) found(path, 'status', response.status());
    await page.evaluate(axe);
    const result = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
    for (const violation of result.violations) found(path, `axe ${violation.id}`, `${v.name}: ${violation.help}: ${violation.nodes.map(n => n.html).slice(0, 3).join(' | ')}`);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (overflow > 1) found(path, 'sideways', `${v.name}: ${overflow} px too wide`);
    if ((await page.locator('h1').count()) !== 1) found(path, 'heading', `${v.name}: not exactly one h1`);
    if (v === views[0] && !path.startsWith('/quan-tri/')) await printed(page, path);
    await page.close();
  }
}

// tab opens a page in the browser window kept for a view and a session.
const windows = new Map();
async function tab(v, cookie) {
  const key = v.name + cookie;
  if (!windows.has(key)) {
    windows.set(key, await browser.newContext({ viewport: { width: v.width, height: 800 }, deviceScaleFactor: v.scale ?? 1, colorScheme: v.scheme, bypassCSP: true, extraHTTPHeaders: cookie ? { cookie } : {} }));
  }
  return windows.get(key).newPage();
}

// What is pinned on a wall or given out, and on how many A4 sheets at most.
const sheets = { '/lich-thi': 2, '/diem-thi': 2 };

// printed looks at a page as paper shows it: the text is there, what one presses is not.
async function printed(page, path) {
  await page.setViewportSize({ width: 680, height: 960 });
  await page.emulateMedia({ media: 'print' });
  if (!(await page.locator('main').isVisible())) found(path, 'print', 'the text is not printed');
  for (const pressed of ['nav.menu', 'form', '.menu-open', '.skip']) {
    for (const one of await page.locator(pressed).all()) if (await one.isVisible()) found(path, 'print', `${pressed} is printed`);
  }
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (overflow > 1) found(path, 'print', `${overflow} px beyond the paper`);
  if (!(path in sheets)) return;
  for (const now of ['.hero', '.strip', 'main nav']) {
    for (const one of await page.locator(now).all()) if (await one.isVisible()) found(path, 'print', `${now} is printed`);
  }
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
  const pages = pdf.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
  if (pages < 1 || pages > sheets[path]) found(path, 'print', `${pages} sheets, not 1 to ${sheets[path]}`);
}

async function firstVisit(path) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.enable');
  let bytes = 0, requests = 0;
  const loading = new Set(); // the last bytes of a load may be told after the page has come to rest
  devtools.on('Network.requestWillBeSent', e => {
    if (e.request.url.startsWith('data:')) return;
    requests++;
    loading.add(e.requestId);
    if (!e.request.url.startsWith(base + '/')) found(path, 'outside', e.request.url);
  });
  devtools.on('Network.loadingFinished', e => { bytes += e.encodedDataLength; loading.delete(e.requestId); });
  devtools.on('Network.loadingFailed', e => loading.delete(e.requestId));
  const response = await page.goto(base + path, { waitUntil: 'networkidle' });
  for (let i = 0; loading.size > 0 && i < 100; i++) await page.waitForTimeout(50);
  if (loading.size > 0) found(path, 'weight', `${loading.size} loads did not end`);
  if (!response.ok()) found(path, 'status', response.status());
  if (bytes > limit) found(path, 'weight', `${bytes} bytes with everything it loads, more than ${limit}`);
  if ((await context.cookies()).length > 0) found(path, 'cookie', 'a public page set a cookie');
  const withScript = await page.locator('main').innerText();
  await context.close();

  const bare = await browser.newContext({ viewport: { width: 360, height: 740 }, javaScriptEnabled: false });
  const plain = await bare.newPage();
  await plain.goto(base + path, { waitUntil: 'load' });
  const without = await plain.locator('main').innerText();
  if (without.length < withScript.length * 0.9) found(path, 'script', `only ${without.length} of ${withScript.length} characters are there without script`);
  await bare.close();
  weights.push({ path, bytes, requests });
}

async function source(path, cookie) {
  const response = await fetch(base + path, { headers: cookie ? { cookie } : {} });
  return response.text();
}

async function validate(paths) {
  const checker = new HtmlValidate({ extends: ['html-validate:standard', 'html-validate:a11y'], rules: { 'long-title': 'off', 'no-trailing-whitespace': 'off' } });
  const folder = mkdtempSync(join(tmpdir(), 'bangvang-html-'));
  const names = [];
  for (const [i, [path, cookie]] of paths.entries()) {
    const html = await source(path, cookie);
    const report = await checker.validateString(html);
    for (const r of report.results) for (const m of r.messages) found(path, `html-validate ${m.ruleId}`, `line ${m.line}: ${m.message}`);
    names.push(join(folder, `${i}.html`));
    writeFileSync(names[i], html);
  }
  const jar = join(require.resolve('vnu-jar/package.json'), '..', 'build', 'dist', 'vnu.jar');
  const run = spawnSync('java', ['-Xmx600m', '-jar', jar, '--format', 'json', '--exit-zero-always', ...names], { maxBuffer: 1 << 26 });
  if (run.status !== 0) throw new Error(`the Nu checker did not run: ${run.stderr}`);
  for (const m of JSON.parse(run.stderr.toString()).messages) {
    const i = names.findIndex(n => m.url.endsWith(n));
    found(paths[i]?.[0] ?? m.url, `nu ${m.subType ?? m.type}`, `line ${m.lastLine}: ${m.message}`);
  }
}

for (const path of open) { await visit(path); await firstVisit(path); }
for (const path of missing) await visit(path, { status: 404 });
for (const { cookie, paths } of office) for (const path of paths) await visit(path, { cookie });
for (const path of weigh) await firstVisit(path);
const sources = [...open, ...missing].map(p => [p, '']).concat(office.flatMap(({ cookie, paths }) => paths.map(p => [p, cookie])));
if (sources.length > 0) await validate(sources);
await browser.close();
console.log(JSON.stringify({ pages: weights, findings }, null, 1));
