// What a first visit to each page moves, written into docs/benchmarks.md between two marks.   make weights
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { launch, weight } from './lib/browser.mjs';
import { seed } from './lib/market.mjs';
import { pages } from './lib/pages.mjs';
import { root, start } from './lib/server.mjs';

const [BEGIN, END] = ['<!-- pages: written by make weights -->', '<!-- end of pages -->'];
const file = path.join(root, 'docs/benchmarks.md');

const server = await start();
const [stage, browser] = await Promise.all([seed(server), launch()]);
const rows = [];
for (const entry of pages(stage)) {
  const { bytes, requests } = await weight(browser, server.url, entry.path, stage.people[entry.who]);
  rows.push(`| ${entry.name} | ${entry.who ?? 'anybody'} | ${(bytes / 1000).toFixed(1)} kB | ${requests} |`);
  console.log(rows.at(-1));
}
await browser.close();
await server.stop();

const text = `${BEGIN}
## Weight of pages

*${new Date().toISOString().slice(0, 10)}, Chromium ${browser.version()}*

Everything that a first visit moves with an empty cache, headers included, nothing compressed, over the small market of the browser
tests (12 organisations). Fixed limit for the front page: 150 kB.

| page | seen by | moved | requests |
|---|---|--:|--:|
${rows.join('\n')}
${END}
`;
const before = readFileSync(file, 'utf8');
const [from, to] = [before.indexOf(BEGIN), before.indexOf(END)];
writeFileSync(file, from < 0 ? `${before.trimEnd()}\n\n${text}` : before.slice(0, from) + text.trimEnd() + before.slice(to + END.length));
