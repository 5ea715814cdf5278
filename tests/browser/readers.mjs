// What reader programs make of our feeds and our calendar.
//
//   node readers.mjs DIR        with the files atom, rss and ics in it
//
// Prints {Atom:{Title,Items:[{Title,Link,Date,Content}]}, RSS:…, Calendar:[{UID,Summary,Start,End}]}.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Parser from 'rss-parser';
import ICAL from 'ical.js';

const dir = process.argv[2];
const text = name => readFileSync(join(dir, name), 'utf8');

async function feed(name) {
  const f = await new Parser().parseString(text(name));
  return { Title: f.title, Items: f.items.map(i => ({ Title: i.title, Link: i.link, Date: i.isoDate ?? '', Content: i['content:encoded'] ?? i.content ?? '' })) };
}

const calendar = new ICAL.Component(ICAL.parse(text('ics')));
const events = calendar.getAllSubcomponents('vevent').map(e => new ICAL.Event(e));
console.log(JSON.stringify({
  Atom: await feed('atom'), RSS: await feed('rss'),
  Calendar: events.map(e => ({ UID: e.uid, Summary: e.summary, Start: e.startDate.toString(), End: e.endDate.toString() })),
}));
