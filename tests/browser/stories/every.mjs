// What holds for every page: accessible, no sideways scrolling, nothing refused, nothing from elsewhere, light.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DESK, PHONE, accessibility, overflow, visitor, weight } from '../lib/browser.mjs';
import { pages } from '../lib/pages.mjs';

const FIRST_PAGE_BYTES = 150_000;

/** Tables that must be scrolled sideways, folded ones too; those that are read across (`side`) may. */
function sidewaysTables(page) {
  return page.evaluate(() => {
    for (const folded of document.querySelectorAll('details')) folded.open = true;
    const boxes = [...document.querySelectorAll('.scroll')].filter((box) => !box.querySelector('table.side'));
    return boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.getAttribute('aria-label') ?? box.className);
  });
}

async function look(world, entry, options) {
  const visit = await visitor(world.browser, world.server.url, { who: world.stage.people[entry.who], ...options });
  try {
    const answer = await visit.go(entry.path);
    assert.equal(answer.status(), entry.status ?? 200, entry.path);
    assert.deepEqual(await accessibility(visit.page), [], `accessibility of ${entry.path}`);
    assert.equal(await overflow(visit.page), 0, `${entry.path} scrolls sideways at ${options.size.width} px`);
    if (options.size === PHONE) assert.deepEqual(await sidewaysTables(visit.page), [], `tables of ${entry.path} scroll sideways`);
    assert.equal(await visit.page.locator('h1').count(), 1, `${entry.path} has one main heading`);
    visit.assertClean(entry.path);
  } finally {
    await visit.close();
  }
}

export default (world) => describe('every page', () => {
  for (const [size, language] of [[PHONE, 'id'], [DESK, 'en']]) {
    it(`is accessible, clean and fits ${size.width} px (${language})`, async () => {
      const faults = [];
      for (const entry of pages(world.stage)) {
        await look(world, entry, { size, language }).catch((error) => faults.push(`${entry.name}: ${error.message}`));
      }
      assert.deepEqual(faults, []);
    });
  }

  it('keeps tables as tables for screen readers on a phone, where each cell names its column', async () => {
    const visit = await visitor(world.browser, world.server.url, { size: PHONE });
    await visit.go(`/rounds/${world.stage.published}`);
    const table = visit.page.getByRole('table').first();
    const heads = await table.getByRole('columnheader').count();
    const rows = await table.getByRole('row').count();
    assert.ok(heads >= 5 && rows >= 4, `${heads} columns, ${rows} rows`);
    assert.equal(await table.getByRole('cell').count(), (rows - 1) * (heads - 1));
    const labels = await table.locator('tbody td').evaluateAll((cells) => cells.map((cell) => getComputedStyle(cell, '::before').content));
    assert.ok(labels.every((label) => /^"[^"]+"/.test(label)), labels.join(' '));
    await visit.close();
  });

  it('is light for a first visit', async () => {
    const { bytes } = await weight(world.browser, world.server.url, '/');
    assert.ok(bytes <= FIRST_PAGE_BYTES, `the first page weighs ${bytes} bytes`);
  });
});
