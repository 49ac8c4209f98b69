// What is done to each piece of a page when it appears: at load, and after a fragment replaced another.
import { ASKED_BY_SCRIPT } from "./session.js";

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
let shownAt = performance.now();

export function prepare(root) {
  shownAt = performance.now();
  for (const input of root.querySelectorAll('input[type="hidden"][name="time_zone"]')) input.value = zone;
  for (const element of root.querySelectorAll("[data-deadline], [data-since]")) tick(element);
  for (const fold of root.querySelectorAll("details[data-remember]")) fold.open = kept(fold) ?? fold.open;
  for (const element of root.querySelectorAll("[data-follow]")) follow(element);
  const page = root.querySelector("[data-title]");
  if (page) document.title = page.dataset.title;
}

// Milliseconds for which the present piece has been on screen.
export function shownFor() {
  return Math.round(performance.now() - shownAt);
}

let announcing;
export function announce(words) {
  const region = document.getElementById("announce");
  region.textContent = "";
  clearTimeout(announcing);
  if (words) announcing = setTimeout(() => (region.textContent = words), 50); // only a change is read aloud
}

// A fold that stays as it was left, on each card and in this browser: <details data-remember="name">.
function kept(fold) {
  try {
    const was = localStorage.getItem(`fold-${fold.dataset.remember}`);
    return was === null ? undefined : was === "open";
  } catch {
    return undefined; // the browser keeps nothing
  }
}

// By the click, not by the `toggle` that follows later: the page may be left in between.
document.addEventListener("click", ({ target }) => {
  const fold = target.closest("summary")?.parentElement;
  if (!fold?.matches("details[data-remember]")) return;
  try {
    localStorage.setItem(`fold-${fold.dataset.remember}`, fold.open ? "closed" : "open");
  } catch {} // as above
});

// Replace what is in `target` by `html`, and lead eyes, focus and address to what appeared.
export function swap(target, html) {
  target.innerHTML = html;
  announce(""); // what was said of the piece before
  prepare(target);
  const address = target.querySelector("[data-url]")?.dataset.url;
  if (address && address !== location.pathname) history.pushState({ swapped: true }, "", address);
  const first = target.querySelector("[data-focus]") ?? target;
  if (!first.hasAttribute("tabindex") && !first.matches("a, button, input, select, textarea")) first.tabIndex = -1;
  first.focus({ preventScroll: true });
  if (target.getBoundingClientRect().top < 0) target.scrollIntoView();
  uncover(first);
  const told = target.querySelector("[data-announce]");
  if (told) announce(told.dataset.announce || told.textContent.trim());
}

// Show an element that was hidden, and go to it: the answer of a card.
export function reveal(button) {
  const shown = document.getElementById(button.dataset.reveal);
  const hidden = document.getElementById(button.dataset.conceal ?? "") ?? button;
  shown.hidden = false;
  hidden.hidden = true;
  for (const also of document.querySelectorAll(`[data-with="${shown.id}"]`)) also.hidden = false;
  for (const gone of document.querySelectorAll(`[data-until="${shown.id}"]`)) gone.hidden = true;
  for (const done of document.querySelectorAll(`[data-reveal="${shown.id}"]`)) delete done.dataset.key;
  shown.tabIndex = -1;
  shown.focus({ preventScroll: true });
  uncover(shown);
  announce(shown.innerText.trim()); // without what is folded away
}

// Scroll only where the beginning of `element` would lie under the bar at the bottom of the screen, or below it.
function uncover(element) {
  const bar = [...document.querySelectorAll(".thumb")].find((one) => one.getClientRects().length);
  if (!bar || bar.contains(element)) return;
  const line = 2 * parseFloat(getComputedStyle(element).lineHeight);
  if (element.getBoundingClientRect().top + line > bar.getBoundingClientRect().top) element.scrollIntoView();
}

function tick(element) {
  const since = Date.parse(element.dataset.since ?? "");
  const until = Date.parse(element.dataset.deadline ?? "");
  const step = () => {
    if (!element.isConnected) return clearInterval(timer);
    const seconds = Math.max(0, Math.round((until ? until - Date.now() : Date.now() - since) / 1000));
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    if (!parts[0]) parts.shift();
    element.textContent = parts.map((part, at) => (at ? String(part).padStart(2, "0") : part)).join(":");
    element.classList.toggle("is-short", Boolean(until) && seconds < 60);
    if (until && !seconds) {
      clearInterval(timer);
      document.getElementById(element.dataset.then ?? "")?.requestSubmit();
    }
  };
  const timer = setInterval(step, 1000);
  step();
}

// A piece that is under way (the progress of a job) is asked for again until it has ended; then the page is.
function follow(element) {
  setTimeout(async () => {
    if (!element.isConnected) return;
    const response = document.hidden ? null : await fetch(location.href, ASKED_BY_SCRIPT).catch(() => null);
    if (!response?.ok) return follow(element);
    const fresh = document.createElement("template");
    fresh.innerHTML = await response.text();
    const next = fresh.content.querySelector("[data-follow]");
    if (!next) return location.reload();
    element.replaceWith(next);
    follow(next);
  }, 2000);
}

addEventListener("popstate", () => location.reload());
