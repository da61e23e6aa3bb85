// Small helps on top of pages that work without them.
const typing = (target) => target.closest("input, textarea, select, [contenteditable]");

// "/" goes to the search box that is on the screen.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const box = [...document.querySelectorAll("[data-find]")].find((found) => found.offsetParent !== null);
  if (!box) return;
  event.preventDefault();
  box.focus();
});

// The menu closes with Escape and gives the focus back.
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector("details.menu[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// After htmx swapped a form with errors in, the summary takes the focus as it does on a whole page.
document.addEventListener("htmx:afterSettle", (event) => event.target.querySelector("#errors")?.focus());

// A sheet for paper has a button where scripts run; elsewhere the browser's own menu prints it.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

if ("serviceWorker" in navigator && window.isSecureContext) {
  navigator.serviceWorker.register("/sw.js").catch(() => { /* the site works without it */ });
}
