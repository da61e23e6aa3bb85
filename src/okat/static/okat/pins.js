// The pin form as a queue: what is saved is first kept on this device, then sent; without a network it waits here.
// One entry is one pin under an id made here, so that sending it twice makes one person (views/queue.py answers).
const DATABASE = "okat-pins";
const STORE = "waiting";
const PAGE = "/people/pin/";
const PAGES = "okat-pin-page"; // the empty form, for a start without a network (sw/20-pins.js)

const box = document.querySelector("[data-queue]");
const form = document.querySelector("form[data-pin]");

function opened() {
  return new Promise((resolve, reject) => {
    const wish = indexedDB.open(DATABASE, 1);
    wish.onupgradeneeded = () => wish.result.createObjectStore(STORE, { keyPath: "id" });
    wish.onsuccess = () => resolve(wish.result);
    wish.onerror = () => reject(wish.error);
  });
}

// Resolves when the database has written it: a phone that loses power after that has lost nothing.
async function change(work) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const deed = database.transaction(STORE, "readwrite", { durability: "strict" });
      const wish = work(deed.objectStore(STORE));
      deed.oncomplete = () => resolve(wish.result);
      deed.onerror = deed.onabort = () => reject(deed.error);
    });
  } finally {
    database.close();
  }
}

const all = async () => (await change((store) => store.getAll())).filter((entry) => entry.worker === box.dataset.worker);
const keep = (entry) => change((store) => store.put(entry));
const drop = (id) => change((store) => store.delete(id));
const cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.split("=")[1] ?? "";

// "saved", "asks" (perhaps there already), "wrong" (to be mended), "away" (no network), "busy" (too many at once) or
// "sign-in".
async function send(entry) {
  const body = new FormData();
  for (const [name, value] of entry.fields) body.append(name, value);
  try {
    const answer = await fetch(box.dataset.url, { method: "POST", body, headers: { "X-CSRFToken": cookie("csrftoken") } });
    if (answer.status >= 500) return { state: "away" };
    if (answer.status === 429) return { state: "busy", wait: Number(answer.headers.get("Retry-After")) };
    if (!answer.headers.get("content-type")?.includes("json")) return { state: "sign-in" };
    return await answer.json();
  } catch {
    return { state: "away" };
  }
}

function line(entry) {
  const item = document.createElement("li");
  item.className = "row";
  const name = document.createElement("b");
  name.textContent = entry.fields.filter(([key]) => ["given", "family", "nickname"].includes(key)).map(([, value]) => value).join(" ").trim();
  const state = document.createElement("span");
  state.className = "small muted";
  state.textContent = box.dataset[entry.state.replace("sign-in", "signin")] ?? "";
  const open = document.createElement("button");
  open.type = "button";
  open.className = "btn plain right";
  open.textContent = box.dataset.open;
  open.addEventListener("click", () => { location.href = `${PAGE}#${entry.id}`; if (form) location.reload(); });
  const away = document.createElement("button");
  away.type = "button";
  away.className = "btn plain";
  away.textContent = box.dataset.drop;
  away.addEventListener("click", async () => { if (confirm(box.dataset.sure)) { await drop(entry.id); await show(); } });
  item.append(name, state, open, away);
  return item;
}

async function show() {
  const entries = await all();
  box.hidden = entries.length === 0;
  // What was refused does not wait for a network, and is not sent by itself.
  const mend = entries.length > 0 && entries.every((entry) => ["wrong", "asks"].includes(entry.state));
  box.querySelector("[data-count]").textContent = box.dataset[mend ? "mend" : "waiting"].replace("{n}", entries.length);
  box.querySelector("[data-kept]").hidden = mend;
  box.querySelector("[data-tomend]").hidden = !mend;
  box.querySelector("ul").replaceChildren(...entries.map(line));
}

// An office behind one address may be asked to wait a little; then it goes on by itself.
let later = 0;
function again(seconds) {
  clearTimeout(later);
  later = setTimeout(sync, Math.min(Math.max(seconds || 60, 1), 600) * 1000);
}

let sending = false;
async function sync() {
  if (sending || !navigator.onLine) return;
  sending = true;
  try {
    for (const entry of await all()) {
      const answer = await send(entry);
      if (answer.state === "saved") await drop(entry.id);
      else await keep({ ...entry, state: answer.state });
      if (answer.state === "busy") again(answer.wait);
      if (["away", "busy", "sign-in"].includes(answer.state)) break;
    }
  } finally {
    sending = false;
    await show();
  }
}

function fill(entry) {
  form.reset();
  // What was agreed to in words that do not stand here any more is asked again: its boxes stay empty.
  const said = entry.fields.find(([name]) => name === "words")?.[1];
  const asked = said === form.elements.words.value ? [] : form.dataset.boxes.split(" ");
  for (const field of form.elements) {
    if (field.name === "words" || asked.includes(field.name)) continue;
    const values = entry.fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.type !== "file" && field.name !== "csrfmiddlewaretoken" && values.length) field.value = values[0];
  }
  attach(entry);
}

// What was photographed waits with its entry: it is put back into the field, so that it is kept and sent as before.
function attach(entry) {
  for (const field of form.querySelectorAll("input[type=file]")) {
    const held = new DataTransfer();
    for (const [name, value] of entry.fields) if (name === field.name && value instanceof File) held.items.add(value);
    if (!held.files.length) continue;
    field.files = held.files;
    const note = document.createElement("p");
    note.className = "row small";
    note.dataset.held = "";
    note.setAttribute("role", "status");
    const said = document.createElement("span");
    said.textContent = box.dataset.photo.replace("{name}", held.files[0].name);
    const away = document.createElement("button");
    away.type = "button";
    away.className = "btn plain";
    away.textContent = box.dataset.unhold;
    away.addEventListener("click", () => { field.value = ""; note.remove(); field.focus(); });
    field.addEventListener("change", () => note.remove(), { once: true });
    note.append(said, away);
    field.after(note);
  }
}

function unattach() {
  for (const note of form.querySelectorAll("[data-held]")) note.remove();
}

async function begin() {
  if (!form.hasAttribute("data-fresh")) { // it came back with what was typed, its id too; files lie here alone
    const back = (await all()).find((one) => one.id === form.elements.id.value);
    return back && attach(back);
  }
  const wanted = location.hash.slice(1);
  const entry = wanted ? (await all()).find((one) => one.id === wanted) : null;
  if (entry) return fill(entry);
  // A page kept for the road would give every pin the same marks.
  form.elements.id.value = crypto.randomUUID();
  form.elements.once.value = crypto.randomUUID();
  if (navigator.onLine && "caches" in window) {
    const copy = await fetch(PAGE).catch(() => null);
    if (copy?.ok && !copy.redirected) await (await caches.open(PAGES)).put(PAGE, copy);
  }
}

async function submitted(event) {
  event.preventDefault();
  const button = event.submitter;
  if (button) button.disabled = true;
  form.elements.noted.value = new Date().toISOString();
  const fields = [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && !(value instanceof File && value.size === 0));
  const entry = { id: form.elements.id.value, worker: box.dataset.worker, state: "away", fields };
  try {
    await keep(entry);
  } catch {
    return form.submit(); // no room or no permission to keep anything here: the ordinary way
  }
  const answer = await send(entry);
  if (answer.state === "saved") {
    await drop(entry.id);
    location.href = answer.url;
  } else if (answer.state === "asks" || answer.state === "wrong") {
    await keep({ ...entry, state: answer.state }); // until it is saved, or given up by hand
    form.submit(); // the page itself shows what to compare or to mend, with all that was typed
  } else {
    await keep({ ...entry, state: answer.state });
    if (answer.state === "busy") again(answer.wait);
    form.reset();
    unattach();
    form.elements.id.value = crypto.randomUUID();
    form.elements.once.value = crypto.randomUUID();
    if (button) button.disabled = false;
    history.replaceState(null, "", PAGE);
    await show();
    box.scrollIntoView();
    box.focus();
  }
}

if (box && "indexedDB" in window && window.isSecureContext) {
  if (form) {
    form.addEventListener("submit", submitted);
    begin();
  }
  addEventListener("online", sync);
  show().then(sync);
}
