// The picture on a slip carries its code behind "#", which is sent to nobody: it is put into the form, and out of the
// address, so that the browser's history does not keep it either. Without this it is typed.
const box = document.querySelector("[data-code]");
const code = decodeURIComponent(location.hash.slice(1));
if (box && code) {
  box.value = code;
  history.replaceState(null, "", location.pathname);
}
