// The offline checker: agrees with the solver's own on every example, refuses every altered number, works from a file.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { DESK, PHONE, accessibility, overflow, visitor } from '../lib/browser.mjs';
import { pasok, root, solver } from '../lib/server.mjs';

// The parts that the page is put together from, in that order, but for the page's own buttons.
const PARTS = [...readFileSync(path.join(root, 'src/pages/checker.rs'), 'utf8').matchAll(/static\/periksa\/(\w+)\.js/g)]
  .map((found) => found[1]).filter((name) => name !== 'ui');
const examples = path.join(root, 'solver/examples');

/** The checker's functions, without its page. */
function load() {
  const text = PARTS.map((name) => readFileSync(path.join(root, `static/periksa/${name}.js`), 'utf8')).join('\n');
  const context = vm.createContext({ TextDecoder, TextEncoder, Uint8Array, atob, crypto: globalThis.crypto });
  return vm.runInContext(`'use strict';${text}\n;({ checkPlan, checkReceipt, sha256Of, hexOf })`, context);
}

/** The text with the nth whole number in it moved by one; null when there are no more. */
function altered(text, nth) {
  // Numbers as such and numbers as text; the hash is no number.
  const numbers = [...text.matchAll(/(?<=[:[,]\s*"?)-?\d+(?="?\s*[,\]}])/g)];
  const found = numbers[nth];
  if (!found) return null;
  return text.slice(0, found.index) + String(BigInt(found[0]) + 1n) + text.slice(found.index + found[0].length);
}

export default (world) => describe('the offline checker', () => {
  const checker = load();
  let folder;
  before(() => { folder = mkdtempSync(path.join(tmpdir(), 'pasok-checker-')); });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('hashes as FIPS 180-4 says', () => {
    const hash = (text) => checker.hexOf(checker.sha256Of(new TextEncoder().encode(text)));
    assert.equal(hash('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    assert.equal(hash(''), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    assert.equal(hash('a'.repeat(119)), '31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb');
  });

  it('agrees with the solver on every example and refuses every number that is off by one', () => {
    for (const file of readdirSync(examples).filter((name) => name.endsWith('.json'))) {
      const problemFile = path.join(examples, file);
      const planFile = path.join(folder, file);
      solver('solve', problemFile, '-o', planFile);
      const [problem, plan] = [readFileSync(problemFile), readFileSync(planFile, 'utf8')];
      const judge = (text) => checker.checkPlan(problem, new TextEncoder().encode(text)).violations;
      assert.equal(solver('check', problemFile, planFile).status, 0, file);
      assert.deepEqual([...judge(plan)], [], file);
      let count = 0;
      for (let text; (text = altered(plan, count)) !== null; count += 1) {
        if (judge(text).length === 0) {
          writeFileSync(planFile, text);
          assert.equal(solver('check', problemFile, planFile).status, 0, `${file}: number ${count} was altered and taken`);
        }
      }
      assert.ok(count > 10, `${file}: ${count} numbers`);
    }
  });

  it('refuses documents that are no plan in words, never with an exception', () => {
    const bytes = (text) => new TextEncoder().encode(text);
    for (const text of ['', '{', '[]', 'null', '{"format":"pasok-plan/1"}', '{"a":1.5}', '{"a":1,"a":2}', '\u{fffd}', '[['.repeat(99)]) {
      const problem = readFileSync(path.join(examples, 'plain.json'));
      assert.equal(checker.checkPlan(problem, bytes(text)).violations.length > 0, true, text);
      assert.equal(checker.checkPlan(bytes(text), bytes(text)).violations.length > 0, true, text);
    }
  });

  it('checks a receipt of the record: path, root, signature', async () => {
    const { folder: own } = world.server;
    const key = (await world.stage.operator.get('/log')).keys[0];
    const receipt = pasok(own, 'audit', 'receipt', '--leaf', '5');
    const judged = await checker.checkReceipt(receipt, key);
    assert.equal(judged.holds, true);
    assert.equal(judged.signed, true);
    const lines = receipt.split('\n');
    const other = [...lines];
    other[2] = 'index 6';
    assert.equal((await checker.checkReceipt(other.join('\n'), '')).holds, false);
    const forged = receipt.replace(lines[3], lines[4]);
    assert.equal((await checker.checkReceipt(forged, '')).holds, false);
  });

  it('works from a file, without a server, in both languages and sizes', async () => {
    const visit = await visitor(world.browser, world.server.url, { who: world.stage.people.operator, size: PHONE });
    const get = async (address) => {
      const answer = await visit.context.request.get(world.server.url + address, { headers: { cookie: world.stage.people.operator.cookies.map(({ name, value }) => `${name}=${value}`).join('; ') } });
      assert.equal(answer.status(), 200, address);
      return answer.text();
    };
    const bundle = await get(`/rounds/${world.stage.published}/paket.json`);
    writeFileSync(path.join(folder, 'pasok-periksa.html'), await get('/periksa/pasok-periksa.html'));
    writeFileSync(path.join(folder, 'paket.json'), bundle);
    const plan = JSON.parse(bundle).plan;
    writeFileSync(path.join(folder, 'palsu.json'), JSON.stringify({ ...JSON.parse(bundle), plan: altered(plan, 40) }));
    await visit.close();
    for (const size of [PHONE, DESK]) {
      const alone = await visitor(world.browser, 'file:', { size });
      await alone.context.setOffline(true);
      await alone.page.goto(pathToFileURL(path.join(folder, 'pasok-periksa.html')).href);
      await alone.page.setInputFiles('#files', path.join(folder, 'paket.json'));
      await alone.page.waitForSelector('.verdict.holds');
      await alone.page.setInputFiles('#files', path.join(folder, 'palsu.json'));
      await alone.page.waitForSelector('.verdict.refused');
      assert.equal(await overflow(alone.page), 0);
      assert.deepEqual(await accessibility(alone.page), []);
      await alone.page.click('#language');
      assert.match(await alone.page.textContent('h1'), /yourself/);
      alone.assertClean();
      await alone.close();
    }
  });
});
