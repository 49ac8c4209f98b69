// Keyboard: whatever carries data-key is clicked by that key; "?" lists the keys of the page.
const NAMES = { " ": "space", Enter: "enter", Escape: "esc" };
const TYPING = "input:not([type=radio], [type=checkbox], [type=hidden]), textarea, select, [contenteditable]";

const visible = (element) => element.getClientRects().length > 0;
const usable = (element) => visible(element) || (element.closest(".menu") && !element.closest("[hidden]"));
const nameOf = (element) => element.dataset.keyLabel || element.getAttribute("aria-label") || element.innerText.trim();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
  if (event.target.matches(TYPING) || document.querySelector("dialog[open]")) return;
  const key = NAMES[event.key] ?? event.key.toLowerCase();
  if (key === "?") return help();
  const pressesItself = event.target.matches("a, button, summary, input") && (key === "space" || key === "enter");
  if (pressesItself) return;
  const found = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(usable);
  if (!found) return;
  event.preventDefault();
  found.click();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-help]")) help();
});

function help() {
  const known = new Map(); // what a key does, and which keys do it
  for (const element of [...document.querySelectorAll("[data-key]")].filter(usable)) {
    const meaning = nameOf(element).replace(/\s+/g, " ");
    known.set(meaning, (known.get(meaning) ?? new Set()).add(element.dataset.key));
  }
  if (!known.size) return;
  const dialog = document.getElementById("keys");
  const list = dialog.querySelector("dl");
  list.replaceChildren();
  for (const [words, names] of known) {
    const term = document.createElement("dt");
    for (const name of names) {
      const key = document.createElement("kbd");
      key.textContent = name;
      term.append(key, " ");
    }
    const meaning = document.createElement("dd");
    meaning.textContent = words;
    list.append(term, meaning);
  }
  dialog.showModal();
}
