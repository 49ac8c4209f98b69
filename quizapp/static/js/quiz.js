// An open quiz: the time spent on it, and a test's choices kept as they are made.
import { swap } from "./page.js";
import { post, SignedOut, wayBack } from "./session.js";

const piece = document.getElementById("quiz");
const clock = () => piece.querySelector("[data-spent]");

let counted = 0; // milliseconds that are told, or were shown
let since = 0; // from when on they are not

// What has been on screen since the last telling; whoever goes for lunch is not thinking.
const passed = () => Math.min(Math.round(performance.now() - since), Number(clock().dataset.most));
const untold = () => (document.hidden ? 0 : passed());

// A new question: go on from where the server has counted to, or from what this tab has shown if that is further.
function begin() {
  since = performance.now();
  if (!clock()) return;
  const { spent, code } = clock().dataset;
  counted = Math.max(Number(spent), Number(sessionStorage.getItem(`spent ${code}`)));
  show();
}

function count(ms) {
  counted += ms;
  since += ms;
}

function show() {
  if (!clock()) return;
  const spent = counted + untold();
  sessionStorage.setItem(`spent ${clock().dataset.code}`, spent);
  const seconds = Math.floor(spent / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (!parts[0]) parts.shift();
  clock().textContent = parts.map((part, at) => (at ? String(part).padStart(2, "0") : part)).join(":");
}

// Leaving without a move: by a link, for another tab, for good.
function leave() {
  if (!clock()) return;
  const spent = passed();
  const body = new FormData();
  body.set("csrf_token", document.querySelector("[name=csrf_token]").value);
  body.set("thinking_ms", spent);
  navigator.sendBeacon(clock().dataset.tell, body);
  count(spent);
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return leave();
  since = performance.now();
});

document.addEventListener(
  "submit",
  (event) => {
    const { target, submitter } = event;
    for (const input of target.querySelectorAll("[data-visit]")) input.value = untold();
    if (!saving || !target.matches("form[data-autosave]")) return;
    event.preventDefault(); // what is sent must know of the choice that is on its way
    event.stopImmediatePropagation();
    leaving = () => target.isConnected && target.requestSubmit(submitter);
  },
  true, // before the form is sent
);

// A chosen option is sent at once, one choice after the other; each has a key of its own, so that it counts once.
let saving = false;
let unsaved = null;
let leaving = null;

document.addEventListener("change", ({ target }) => {
  const form = target.closest("form[data-autosave]");
  if (!form) return;
  form.elements.answer_key.value = newKey();
  form.querySelector("[data-saved]").textContent = ""; // "Saved" is said of the last choice
  saving ? (unsaved = form) : save(form);
});

function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function save(form) {
  saving = true;
  unsaved = null;
  const spent = untold();
  const body = new FormData(form);
  body.set("go", "stay");
  body.set("thinking_ms", spent);
  try {
    const response = await post(form.action, body, { keepalive: true });
    if (response.redirected) {
      saving = false;
      return location.assign(response.url);
    }
    if (response.status === 409) return swap(piece, await response.text()); // handed in meanwhile, or answered elsewhere
    if (!response.ok) throw new Error(response.statusText);
    form.elements.seen.value = (await response.json()).seen;
    if (form.isConnected) {
      count(spent);
      kept(form);
    }
  } catch (failure) {
    notKept(form, failure);
  } finally {
    saving = false;
    if (leaving) unsaved = null; // goes with the form
    leaving?.();
    leaving = null;
    if (unsaved?.isConnected) save(unsaved);
  }
}

function kept(form) {
  if (unsaved !== form) form.querySelector("[data-saved]").textContent = "Saved";
  const place = piece.querySelector(".place[aria-current]");
  const answered = Boolean(form.querySelector("[name=choice]:checked"));
  place.classList.toggle("is-answered", answered);
  const flagged = place.classList.contains("is-flagged");
  const words = [`Question ${place.textContent.trim()}`, answered && "answered", flagged && "flagged"];
  place.setAttribute("aria-label", words.filter(Boolean).join(", "));
}

function notKept(form, failure) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link-button";
  button.textContent = "retry";
  button.addEventListener("click", () => save(form));
  const why = failure instanceof SignedOut ? [`Not saved – ${failure.message} `, wayBack(failure), " "] : ["Not saved – "];
  form.querySelector("[data-saved]").replaceChildren(...why, button);
}

// A choice that is on its way, waits for its turn or did not get there is asked about before the page is left.
addEventListener("beforeunload", (event) => {
  if (saving || piece.querySelector("form:not([data-busy]) [data-saved] button")) event.preventDefault();
});

new MutationObserver(begin).observe(piece, { childList: true });
addEventListener("pageshow", ({ persisted }) => persisted && begin());
begin();
setInterval(show, 1000);
