// Without a network the empty pin form opens from this device; it holds nobody's data. What is typed waits in pins.js.
self.okatKept = async (request) => {
  const path = new URL(request.url).pathname;
  return path === "/people/pin/" ? (await caches.open("okat-pin-page")).match(path) : undefined;
};
