// Draws areas and points over the list that the page already shows. Without WebGL nothing appears, and the list stays.
const COLOURS = { pale: "--teal-wash", deep: "--teal", line: "--action", ink: "--ink", paper: "--card" };

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function hasWebGL() {
  try {
    return Boolean(document.createElement("canvas").getContext("webgl2"));
  } catch {
    return false;
  }
}

function bounds(features) {
  const box = [180, 90, -180, -90];
  const visit = (place) => {
    if (typeof place[0] === "number") {
      box[0] = Math.min(box[0], place[0]);
      box[1] = Math.min(box[1], place[1]);
      box[2] = Math.max(box[2], place[0]);
      box[3] = Math.max(box[3], place[1]);
    } else place.forEach(visit);
  };
  features.forEach((feature) => feature.geometry && visit(feature.geometry.coordinates));
  return box;
}

function layers(colour) {
  const area = ["==", ["geometry-type"], "Polygon"];
  const point = ["==", ["geometry-type"], "Point"];
  // A point with free places grows with their number; every other point is as large as one with a dozen.
  const size = ["interpolate", ["linear"], ["coalesce", ["get", "seats"], 12], 0, 6, 12, 9, 60, 18];
  const depth = ["interpolate", ["linear"], ["coalesce", ["get", "share"], 0], 0, colour.pale, 1, colour.deep];
  return [
    { id: "areas", type: "fill", source: "okat", filter: area, paint: { "fill-color": depth, "fill-opacity": 0.75 } },
    { id: "edges", type: "line", source: "okat", filter: area, paint: { "line-color": colour.line, "line-width": 1 } },
    {
      id: "points", type: "circle", source: "okat", filter: point,
      paint: { "circle-radius": size, "circle-color": colour.line, "circle-stroke-color": colour.paper, "circle-stroke-width": 2 },
    },
  ];
}

function bubble(properties, open) {
  const box = document.createElement("div");
  const name = document.createElement("b");
  name.textContent = properties.name ?? "";
  box.append(name);
  if (properties.text) {
    const text = document.createElement("p");
    text.textContent = properties.text;
    box.append(text);
  }
  if (properties.url && new URL(properties.url, location.href).origin === location.origin) {
    const link = document.createElement("a");
    link.href = properties.url;
    link.textContent = open;
    box.append(link);
  }
  return box;
}

async function draw(host) {
  const answer = await fetch(host.dataset.geojson, { headers: { Accept: "application/geo+json" } });
  if (!answer.ok) return;
  const shapes = await answer.json();
  if (!shapes.features?.some((feature) => feature.geometry)) return;
  const library = await import(host.dataset.library);
  library.setWorkerUrl(host.dataset.worker);
  host.hidden = false;
  const colour = Object.fromEntries(Object.entries(COLOURS).map(([key, name]) => [key, token(name)]));
  const sources = { okat: { type: "geojson", data: shapes } };
  const below = [];
  if (host.dataset.tiles) {
    sources.tiles = { type: "raster", tiles: [host.dataset.tiles], tileSize: 256 };
    below.push({ id: "tiles", type: "raster", source: "tiles" });
  }
  const map = new library.Map({
    container: host,
    style: { version: 8, sources, layers: [...below, ...layers(colour)] },
    bounds: bounds(shapes.features),
    fitBoundsOptions: { padding: 24, animate: false },
    attributionControl: false,
    cooperativeGestures: false,
    fadeDuration: 0,
  });
  map.getCanvas().setAttribute("aria-label", host.dataset.label);
  map.scrollZoom.disable(); // the page scrolls; buttons, pinching and the keyboard zoom
  map.addControl(new library.NavigationControl({ showCompass: false }));
  for (const layer of ["points", "areas"]) {
    map.on("click", layer, (event) => {
      const { properties } = event.features[0];
      new library.Popup({ maxWidth: "260px" }).setLngLat(event.lngLat).setDOMContent(bubble(properties, host.dataset.open)).addTo(map);
    });
  }
  map.once("idle", () => { host.dataset.ready = "yes"; });
}

if (hasWebGL()) {
  for (const host of document.querySelectorAll("[data-map]")) draw(host).catch(() => { host.hidden = true; });
}
