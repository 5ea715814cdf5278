// The story of a directive and of a note that must stay inside, as five people live it in Chromium.
//
//   node story.mjs BASE '{"passwords":{"khao-thi":"…"},"docx":"/path/huong-dan.docx","questions":["diem thi"],"canary":"…"}'
//
// The exam office enters a guidance from a Word file and an internal note; the political office
// posts the guidance, then a corrected edition, and takes back a notice posted in error; a leader
// reads the log; a stranger finds nothing but what was posted. Every step waits for the words a
// person would see. Prints one JSON object:
// {answers:{question:[title…]}, log:[line…], internal:"/quan-tri/van-ban/ID"}.
// Exit status 0 only when the whole story went as told.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const [base, request] = process.argv.slice(2);
const { passwords, docx, questions, canary } = JSON.parse(request);

const program = ['chromium', 'chromium-browser', 'google-chrome'].map(n => spawnSync('sh', ['-c', `command -v ${n}`]).stdout.toString().trim()).find(Boolean);
const browser = await chromium.launch({
  executablePath: program, headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

// When the story does not go as told: what each of them has before their eyes.
const pages = [];
process.on('uncaughtException', async e => {
  console.error(e);
  for (const page of pages) console.error(page.url(), await page.locator('body').innerText({ timeout: 1000 }).catch(() => ''));
  process.exit(1);
});

// someone opens a browser of their own: a phone without an account, or a desk.
async function someone(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'vi-VN', ...options });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  page.on('pageerror', e => { throw e; });
  pages.push(page);
  return page;
}

async function staff(username) {
  const page = await someone();
  await page.goto(`${base}/quan-tri/`);
  await page.getByLabel('Tên đăng nhập').fill(username);
  await page.getByLabel('Mật khẩu', { exact: true }).fill(passwords[username]);
  await page.getByRole('button', { name: 'Đăng nhập' }).click();
  await page.getByRole('heading', { level: 1, name: 'Việc hôm nay' }).waitFor();
  return page;
}

const main = page => page.getByRole('main');
const says = (page, words) => main(page).getByText(words).first().waitFor();
const follow = (page, name) => main(page).getByRole('link', { name, exact: true }).first().click();
const press = (page, name) => main(page).getByRole('button', { name, exact: true }).click();

// act follows a step's link on a document's page and does it on the page that asks again.
async function act(page, name, fill = async () => {}) {
  await follow(page, name);
  await page.waitForURL(/\/buoc\//);
  await fill();
  await press(page, name);
  await page.waitForURL(url => !url.pathname.includes('/buoc/'));
}

// untilPublic asks for an address until the publisher's job has made it answer so.
async function untilPublic(path, status, words = '') {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(base + path, { redirect: 'manual' });
    if (answer.status === status && (await answer.text()).includes(words)) return;
    await new Promise(r => setTimeout(r, 50));
  }
  throw new Error(`${path} never answered ${status} with ${words}`);
}

// inspected looks at the page again until the program has looked into the file.
async function inspected(page) {
  for (let tries = 0; tries < 120 && (await main(page).getByText('Đã kiểm tra').count()) === 0; tries++) {
    await new Promise(r => setTimeout(r, 250));
    await page.reload();
  }
  await says(page, 'Đã kiểm tra');
}

// enter fills the form of an incoming document and gives the address of its office page.
async function enter(page, fields, grade) {
  await page.goto(`${base}/quan-tri/van-ban`);
  await follow(page, 'Nhập văn bản đến');
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
  await page.getByRole('group', { name: 'Mức độ' }).getByLabel(grade, { exact: true }).check();
  await press(page, 'Lưu');
  await page.getByRole('heading', { level: 1, name: fields['Số, ký hiệu'] }).waitFor();
  return new URL(page.url()).pathname;
}

// 1. The exam office enters a guidance, with the Word file that becomes its reading copy.
const exam = await staff('khao-thi');
const guidance = await enter(exam, {
  'Số, ký hiệu': '99/HD-SGDĐT', 'Cơ quan ban hành': 'Sở Giáo dục và Đào tạo Lai Châu', 'Ngày ban hành': '1/7/2021',
  'Trích yếu': 'Hướng dẫn thí sinh xã Hoà Bình đi thi trong mùa mưa',
}, 'Công khai');
await follow(exam, 'Thêm tệp');
await exam.getByLabel('Tệp', { exact: true }).setInputFiles(docx);
await press(exam, 'Tải lên');
await inspected(exam);
await exam.getByRole('button', { name: /^Lấy “.*” làm bản đọc$/ }).click();
await press(exam, 'Lưu bản đọc');
await says(exam, 'Có bản đọc');
await follow(exam, 'Thêm quan hệ');
await exam.getByRole('group', { name: 'Văn bản này' }).getByLabel('Hướng dẫn thực hiện', { exact: true }).check();
await exam.getByLabel('Số, ký hiệu của văn bản kia').fill('08/CT-UBND');
await press(exam, 'Lưu');
await says(exam, '08/CT-UBND');
await act(exam, 'Phân loại', () => exam.getByRole('group', { name: 'Mức độ' }).getByLabel('Công khai', { exact: true }).check());
await says(exam, 'Đã phân loại');
assert.equal(await exam.getByRole('link', { name: 'Đăng lên trang công khai' }).count(), 0, 'who entered a document may post it');

// 2. And a note that stays inside, and a notice that will turn out to be wrong.
const internal = await enter(exam, {
  'Số, ký hiệu': `77/SGDĐT-${canary}`, 'Cơ quan ban hành': 'Sở Giáo dục và Đào tạo Lai Châu', 'Ngày ban hành': '2/7/2021',
  'Trích yếu': `Trực nội bộ ${canary} các ngày thi`,
}, 'Nội bộ');
await follow(exam, 'Thêm tệp');
await exam.getByLabel('Tệp', { exact: true }).setInputFiles({ name: `${canary}.docx`, mimeType: 'application/octet-stream', buffer: readFileSync(docx) });
await press(exam, 'Tải lên');
await says(exam, `${canary}.docx`);
await act(exam, 'Phân loại', () => exam.getByRole('group', { name: 'Mức độ' }).getByLabel('Nội bộ', { exact: true }).check());
await act(exam, 'Lưu nội bộ');
const notice = await enter(exam, {
  'Số, ký hiệu': '98/TB-SGDĐT', 'Cơ quan ban hành': 'Sở Giáo dục và Đào tạo Lai Châu', 'Ngày ban hành': '3/7/2021',
  'Trích yếu': 'Thông báo về xe đưa đón thí sinh',
}, 'Công khai');
await act(exam, 'Phân loại', () => exam.getByRole('group', { name: 'Mức độ' }).getByLabel('Công khai', { exact: true }).check());

// 3. The political office finds both waiting on its desk and posts them.
const political = await staff('dang-tai');
await says(political, 'Văn bản chờ đăng');
for (const [path, address] of [[guidance, '/van-ban/99-hd-sgddt-2021'], [notice, '/van-ban/98-tb-sgddt-2021']]) {
  await political.goto(base + path);
  await act(political, 'Đăng lên trang công khai', () => says(political, 'sẽ hiện trên trang công khai'));
  await says(political, 'Đã đăng');
  await untilPublic(address, 200);
}

// 4. A candidate finds it on a phone without script, typing without accents.
const candidate = await someone({ viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, javaScriptEnabled: false });
await candidate.goto(`${base}/`);
await candidate.getByRole('searchbox').first().fill('hoa binh');
await candidate.getByRole('button', { name: 'Tìm' }).first().click();
await main(candidate).getByRole('link', { name: /Hoà Bình/ }).first().click();
await says(candidate, 'Đọc toàn văn');
await follow(candidate, 'Đọc toàn văn');
await says(candidate, 'Chuẩn bị trước ngày thi');
await main(candidate).getByRole('link', { name: /08\/CT-UBND/ }).first().click();
await says(candidate, '99/HD-SGDĐT');

// 5. The exam office corrects the abstract; readers see the old one until the second office posts it.
await exam.goto(base + guidance);
await follow(exam, 'Sửa thông tin');
await exam.getByLabel('Trích yếu', { exact: true }).fill('Hướng dẫn thí sinh xã Hòa Bình đi thi an toàn trong mùa mưa');
await press(exam, 'Lưu');
await says(exam, 'Có bản sửa chờ đăng');
await untilPublic('/van-ban/99-hd-sgddt-2021', 200, 'Hoà Bình đi thi trong mùa mưa');
await political.goto(base + guidance);
await act(political, 'Đăng bản cập nhật', async () => {
  await political.getByLabel('Sửa nhỏ').check();
  await political.getByLabel('Ghi cho người đọc: đã đổi gì, vì sao').fill('Sửa tên xã trong trích yếu.');
});
await untilPublic('/van-ban/99-hd-sgddt-2021', 200, 'Sửa tên xã trong trích yếu.');

// 6. The notice was posted in error: its address goes on answering, with the reason.
await political.goto(base + notice);
await act(political, 'Gỡ khỏi trang công khai', async () => {
  await political.getByLabel('Đăng nhầm: chỉ còn lời giải thích').check();
  await political.getByLabel('Lý do, người đọc sẽ thấy').fill('Lịch xe chưa được thống nhất.');
});
await untilPublic('/van-ban/98-tb-sgddt-2021', 410, 'Lịch xe chưa được thống nhất.');

// 7. A leader reads who did what; a stranger meets a login and nothing more.
const leader = await staff('lanh-dao');
await leader.goto(`${base}/quan-tri/nhat-ky`);
const log = (await main(leader).getByRole('row').allInnerTexts()).map(line => line.replace(/\s+/g, ' ').trim());
const stranger = await someone();
for (const path of [guidance, internal, notice]) {
  await stranger.goto(base + path);
  await stranger.getByLabel('Tên đăng nhập').waitFor();
}

// 8. What readers get for their questions.
const answers = {};
for (const question of questions) {
  await stranger.goto(`${base}/tim?q=${encodeURIComponent(question)}`);
  answers[question] = [await main(stranger).innerText()];
}
await browser.close();
console.log(JSON.stringify({ answers, log, internal }, null, 1));
