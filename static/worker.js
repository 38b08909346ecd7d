// Keeps what was seen last, so that it can be read without a network. Writes are never kept or repeated here.
"use strict";
const VERSION = "pasok-/* version */";
const FILES = [/* files */];
const MOST_PAGES = 40;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(VERSION).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name !== VERSION).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

async function keep(request, response) {
  const cache = await caches.open(VERSION);
  await cache.put(request, response);
  const pages = (await cache.keys()).filter((kept) => !new URL(kept.url).pathname.startsWith("/static/"));
  await Promise.all(pages.slice(0, Math.max(0, pages.length - MOST_PAGES)).map((old) => cache.delete(old)));
}

// A page: the network first; what was seen last when there is none, with the time at which it was seen.
async function page(request) {
  try {
    const response = await fetch(request);
    if (response.ok && !response.redirected) {
      const headers = new Headers(response.headers);
      headers.set("pasok-seen", String(Date.now()));
      const copy = new Response(await response.clone().blob(), { status: 200, headers });
      await keep(request, copy);
    }
    return response;
  } catch (error) {
    const kept = await caches.match(request, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/static/")) {
    event.respondWith(caches.match(event.request).then((kept) => kept || fetch(event.request)));
  } else if (event.request.mode === "navigate" && !url.pathname.startsWith("/api/")) {
    event.respondWith(page(event.request));
  }
});
