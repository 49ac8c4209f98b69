// The editor of a bank's file: numbered lines, a check while writing, the note at the cursor, and saving now and then.
import { announce, prepare } from "./page.js";
import { post } from "./session.js";

const CHECK_AFTER = 600;
const SAVE_AFTER = 5000;
const PREVIEW_AFTER = 400;

const form = document.getElementById("editor");
const text = document.getElementById("source");
const numbers = form.querySelector(".editor-lines");
const beside = document.getElementById("beside");
const preview = document.getElementById("preview");
const timers = {};
let sending = 0; // the number of the last request: answers to earlier ones come too late
let looking = 0; // likewise
let saves = Promise.resolve(); // one after the other: each says which edit it was made on
let kept = text.value;
let behind = false;
let shownLine = 0;

form.classList.add("is-live");

function later(name, after, work) {
  clearTimeout(timers[name]);
  timers[name] = setTimeout(work, after);
}

function number() {
  const lines = text.value.split("\n").length;
  if (lines === Number(numbers.dataset.lines)) return;
  numbers.dataset.lines = lines;
  numbers.textContent = Array.from({ length: lines }, (_, at) => at + 1).join("\n");
  numbers.scrollTop = text.scrollTop;
}

function lineAtCursor() {
  return text.value.slice(0, text.selectionStart).split("\n").length;
}

function goTo(line, column = 1) {
  const before = text.value.split("\n").slice(0, line - 1).join("\n");
  const at = Math.min(before.length + (line > 1 ? 1 : 0) + column - 1, text.value.length);
  text.focus({ preventScroll: true });
  text.setSelectionRange(at, at);
  const height = Number.parseFloat(getComputedStyle(text).lineHeight);
  text.scrollTop = Math.max(0, (line - 4) * height);
  text.scrollIntoView({ block: "nearest" });
  look();
}

async function ask(address, extra) {
  const body = new FormData(form);
  for (const [name, value] of Object.entries(extra)) body.set(name, value);
  const response = await post(address, body);
  if (!response.headers.get("Content-Type")?.startsWith("text/html")) {
    const { error } = await response.json();
    throw new Error(error.message);
  }
  return response.text();
}

function send(extra) {
  if (extra.do === "check") return exchange(extra);
  saves = saves.then(() => exchange(extra));
}

// Check the text or keep it; what the server says stands beside it. The text itself is never replaced.
async function exchange(extra) {
  const own = ++sending;
  const sent = text.value;
  clearTimeout(timers.check);
  if (extra.do !== "check") clearTimeout(timers.save);
  try {
    const html = await ask(form.action, extra);
    const state = new DOMParser().parseFromString(html, "text/html").querySelector(".editor-state");
    if ("saved" in state.dataset) {
      form.elements.edits.value = state.dataset.edits;
      kept = sent;
      behind = false;
    } else if ("behind" in state.dataset) {
      behind = true;
    }
    if (own !== sending) return;
    beside.innerHTML = html;
    prepare(beside);
  } catch (error) {
    beside.querySelector(".editor-state").textContent = `Not saved – ${error.message || "no connection."} Your text is still here.`;
    announce("Not saved.");
    if (extra.do !== "check") later("save", SAVE_AFTER * 2, autosave);
  }
}

function autosave() {
  if (text.value !== kept && !behind) send({ do: "save" });
}

async function look() {
  const line = lineAtCursor();
  if (line === shownLine) return;
  shownLine = line;
  form.elements.line.value = line;
  const own = ++looking;
  try {
    const html = await ask(form.dataset.preview, { line });
    if (own === looking) preview.innerHTML = html;
  } catch {
    shownLine = 0; // asked again at the next move
  }
}

text.addEventListener("input", () => {
  number();
  shownLine = 0;
  later("check", CHECK_AFTER, () => send({ do: "check" }));
  later("save", SAVE_AFTER, autosave);
  later("look", CHECK_AFTER + PREVIEW_AFTER, look);
});
text.addEventListener("scroll", () => (numbers.scrollTop = text.scrollTop));
for (const moved of ["keyup", "click"]) text.addEventListener(moved, () => later("look", PREVIEW_AFTER, look));

// A new line begins as far in as the one before it.
text.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    return send({ do: "save" });
  }
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return;
  const line = text.value.slice(0, text.selectionStart).split("\n").pop();
  const indent = line.match(/^ */)[0];
  if (!indent) return;
  event.preventDefault();
  document.execCommand("insertText", false, `\n${indent}`); // unlike setRangeText it can be undone
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation(); // not a page to leave for
  const button = event.submitter;
  send(button?.name ? { [button.name]: button.value } : { do: "save" });
});

beside.addEventListener("click", (event) => {
  const place = event.target.closest("[data-line]");
  if (!place) return;
  event.preventDefault();
  goTo(Number(place.dataset.line), Number(place.dataset.column));
});

addEventListener("beforeunload", (event) => {
  if (text.value !== kept) event.preventDefault();
});

number();
if (Number(text.dataset.line) > 1) goTo(Number(text.dataset.line));
