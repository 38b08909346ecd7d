// What holds for every page: accessible, no sideways scrolling, nothing refused, nothing from elsewhere, light.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DESK, PHONE, accessibility, overflow, visitor, weight } from '../lib/browser.mjs';
import { pages } from '../lib/pages.mjs';

const FIRST_PAGE_BYTES = 150_000;

async function look(world, entry, options) {
  const visit = await visitor(world.browser, world.server.url, { who: world.stage.people[entry.who], ...options });
  try {
    const answer = await visit.go(entry.path);
    assert.equal(answer.status(), entry.status ?? 200, entry.path);
    assert.deepEqual(await accessibility(visit.page), [], `accessibility of ${entry.path}`);
    assert.equal(await overflow(visit.page), 0, `${entry.path} scrolls sideways at ${options.size.width} px`);
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

  it('is light for a first visit', async () => {
    const { bytes } = await weight(world.browser, world.server.url, '/');
    assert.ok(bytes <= FIRST_PAGE_BYTES, `the first page weighs ${bytes} bytes`);
  });
});
