// Pictures of every page at 360 and 1280 px for docs/screens, as small WebP files.   make screens
//
//   node tests/browser/screens.mjs [--png FOLDER] [NAME…]    PNG files elsewhere, or only some pages
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DESK, PHONE, launch, visitor } from './lib/browser.mjs';
import { seed } from './lib/market.mjs';
import { pages } from './lib/pages.mjs';
import { root, start } from './lib/server.mjs';

const LARGEST_FOLDER_BYTES = 3_000_000;
/** A picture ends here; what is below says no more about the design. */
const LONGEST_PX = { 360: 2_000, 1280: 1_400 };
/** Letters stay legible, and the folder within its limit. */
const QUALITY = 36;

const given = process.argv.slice(2);
const isPng = given[0] === '--png';
const folder = isPng ? given[1] : path.join(root, 'docs/screens');
const names = isPng ? given.slice(2) : given;

async function shoot(world, entry, size) {
  const visit = await visitor(world.browser, world.server.url, { who: world.stage.people[entry.who], size });
  await visit.go(entry.path);
  const whole = await visit.page.evaluate(() => document.documentElement.scrollHeight);
  const height = Math.min(whole, LONGEST_PX[size.width]);
  // What sticks to the window's edge belongs at the end of a long picture.
  await visit.page.setViewportSize({ width: size.width, height });
  const session = await visit.context.newCDPSession(visit.page);
  const { data } = await session.send('Page.captureScreenshot', isPng ? { format: 'png' } : { format: 'webp', quality: QUALITY });
  writeFileSync(path.join(folder, `${entry.name}-${size.width}.${isPng ? 'png' : 'webp'}`), Buffer.from(data, 'base64'));
  await visit.close();
}

const world = { server: await start() };
[world.stage, world.browser] = await Promise.all([seed(world.server), launch()]);
mkdirSync(folder, { recursive: true });
for (const entry of pages(world.stage)) {
  if (names.length && !names.includes(entry.name)) continue;
  if (entry.picture === false && !isPng) continue;
  for (const size of [PHONE, DESK]) await shoot(world, entry, size);
  console.log(entry.name);
}
await world.browser.close();
await world.server.stop();
const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
console.log(`${folder}: ${Math.round(bytes / 1000)} kB`);
if (!isPng && bytes > LARGEST_FOLDER_BYTES) throw new Error('too large for the repository');
