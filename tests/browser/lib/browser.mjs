// Debian's Chromium, and pages of it that complain about whatever a page must not do.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { oneTimeCode } from './api.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PLACES = [process.env.PASOK_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/opt/homebrew/bin/chromium'];
const executablePath = PLACES.find((place) => place && existsSync(place));

export const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1280, height: 800 };

export async function launch() {
  if (!executablePath) throw new Error('no Chromium here: run scripts/setup.sh browser, or name one in PASOK_CHROMIUM');
  // Root has no sandbox of Chromium's; only pages of our own are opened.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', '--force-color-profile=srgb'] });
}

/** A visitor: a context and page whose complaints are collected. `who` signs in first. */
export async function visitor(browser, url, { who = null, size = PHONE, script = true, language = 'id', offline = false } = {}) {
  const context = await browser.newContext({
    viewport: size, javaScriptEnabled: script, locale: language === 'id' ? 'id-ID' : 'en-GB', timezoneId: 'Asia/Makassar',
    serviceWorkers: offline ? 'allow' : 'block', reducedMotion: 'reduce', hasTouch: size.width < 600,
  });
  context.setDefaultTimeout(15_000);
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  const page = await context.newPage();
  const complaints = watch(page, url);
  if (who) await signIn(browser, context, url, who);
  return {
    context, page, url, complaints, script,
    go: async (path) => {
      const answer = await page.goto(url + path, { waitUntil: 'load' });
      return answer;
    },
    /** Nothing forbidden has happened so far. */
    assertClean: (where = page.url()) => assert.deepEqual(complaints.splice(0), [], `complaints at ${where}`),
    close: () => context.close(),
  };
}

/** Collects console errors, refused loads, uncaught errors and requests that leave the origin. */
function watch(page, url) {
  const complaints = [];
  page.on('console', (message) => {
    // A page of status 4xx is written to the console by the browser itself; tests look at statuses.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const address = request.url();
    if (!address.startsWith(url) && !/^(data|blob|about|file):/.test(address)) complaints.push(`request: ${address}`);
  });
  return complaints;
}

/** Signs in over the API in a page of its own and leaves the cookie in the context. */
export async function signIn(browser, context, url, who) {
  if (!who.cookies) {
    const own = await browser.newContext();
    const page = await own.newPage();
    await page.goto(`${url}/favicon.svg`);
    const body = { login: who.login, password: who.password, carrier: 'cookie' };
    if (who.secret) body.code = await freshCode(who);
    const status = await page.evaluate(async (sent) => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': String(Math.random()) };
      return (await fetch('/api/v1/sessions', { method: 'POST', headers, body: JSON.stringify(sent) })).status;
    }, body);
    assert.equal(status, 201, `${who.name} could not sign in`);
    who.cookies = (await own.cookies()).filter((cookie) => cookie.name.startsWith('__Host-'));
    await own.close();
  }
  await context.addCookies(who.cookies);
}

/** A code that was not used yet: each half minute's counts once, the next one's is taken early. */
export async function freshCode(who) {
  const now = Math.floor(Date.now() / 30_000);
  const step = Math.max(now, (who.lastStep ?? 0) + 1);
  if (step > now + 1) await new Promise((resolve) => setTimeout(resolve, (step - 1) * 30_000 - Date.now() + 200));
  who.lastStep = step;
  return oneTimeCode(who.secret, step - Math.floor(Date.now() / 30_000));
}

/** Serious and critical findings of axe on the page, in words. */
export async function accessibility(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(async () => {
    const options = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] };
    return (await globalThis.axe.run(document, options)).violations
      .filter((rule) => ['serious', 'critical'].includes(rule.impact))
      .map((rule) => `${rule.id}: ${rule.help} (${rule.nodes.slice(0, 3).map((node) => `${node.target} ${node.any?.[0]?.message ?? ''}`).join('; ')})`);
  });
  return found;
}

/** Bytes that a first visit to `path` moves, headers and all; with what it loads. */
export async function weight(browser, url, path, who) {
  const visit = await visitor(browser, url, { who });
  const session = await visit.context.newCDPSession(visit.page);
  await session.send('Network.enable');
  let bytes = 0;
  let requests = 0;
  session.on('Network.loadingFinished', (event) => { bytes += event.encodedDataLength; requests += 1; });
  await visit.go(path);
  await visit.page.waitForLoadState('networkidle');
  await visit.close();
  return { bytes, requests };
}

/** Whether the page can be read without scrolling sideways. */
export async function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
