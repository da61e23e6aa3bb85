// Served as /sw.js together with every other file of this folder, in the order of their names (core.offline).
// Kept here: files that look the same for everybody, and the page that says "no signal". Never a page with people on it.
const SHELL = "okat-shell-" + self.OKAT_VERSION;
const OFFLINE = "/offline/";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll([OFFLINE, ...self.OKAT_SHELL])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("okat-shell-") && name !== SHELL);
  event.waitUntil(
    caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(freshOrKept(request));
  else if (request.mode === "navigate" && !event.defaultPrevented) event.respondWith(pageOrNotice(request));
});

async function freshOrKept(request) {
  const cache = await caches.open(SHELL);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch {
    return (await cache.match(request)) ?? Response.error();
  }
}

// Other files of this folder may keep pages of their own: self.okatKept(request) answers from them.
async function pageOrNotice(request) {
  try {
    return await fetch(request);
  } catch {
    return (await self.okatKept?.(request)) ?? (await caches.match(OFFLINE)) ?? Response.error();
  }
}
