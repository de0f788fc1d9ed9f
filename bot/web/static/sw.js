// Keeps the empty page on the phone, so that it opens without signal and shows what waits. Nothing personal goes in here.

const SHELL = "paojie-1";
const FILES = [
  "chat.css", "stage.css", "main.js", "wire.js", "store.js", "line.js", "log.js", "bubble.js", "composer.js", "voice.js", "door.js",
  "clock.js", "stage.js", "time.js", "icon.svg", "manifest.webmanifest",
];
const PATIENCE = 4000;

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(FILES.map((name) => `/chat/static/${name}`))));
});

addEventListener("activate", (event) => {
  const old = async () => {
    for (const name of await caches.keys()) if (name !== SHELL) await caches.delete(name);
    await clients.claim();
    for (const page of await clients.matchAll()) await keep(new URL(page.url).pathname);
  };
  event.waitUntil(old());
});

addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const ours = /^\/chat($|\/static\/|\/as\/[^/]+$)/.test(pathname);
  if (event.request.method === "GET" && origin === location.origin && ours) event.respondWith(newest(event.request, pathname));
});

async function keep(pathname) {
  const answer = await fetch(pathname);
  if (answer.ok && !answer.redirected) await (await caches.open(SHELL)).put(pathname, answer);
}

async function newest(request, pathname) {
  const cache = await caches.open(SHELL);
  try {
    const kept = await cache.match(pathname);
    const answer = await fetch(request, kept ? { signal: AbortSignal.timeout(PATIENCE) } : {});
    if (answer.ok && !answer.redirected) await cache.put(pathname, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(pathname);
    if (kept) return kept;
    throw error;
  }
}
