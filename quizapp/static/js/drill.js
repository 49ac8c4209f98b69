// What is on the table stays there when the page is loaded again: the address names the card once it is turned, and
// the tab keeps what was typed before. A typed answer is compared on the server; its turn comes as a piece of the
// page, like every other card.
import { swap } from "./page.js";
import { ASKED_BY_SCRIPT } from "./session.js";

const address = (form) => `${form.action}?${new URLSearchParams(new FormData(form))}`;
const stay = (there) => history.replaceState(null, "", there);
const kept = ({ form }) => `typed ${form.action} ${form.card.value} ${form.seen.value}`;

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-reveal]")) stay(address(document.getElementById("turn")));
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-turn")) return;
  event.preventDefault();
  const there = address(form);
  try {
    const response = await fetch(there, ASKED_BY_SCRIPT);
    if (!response.ok || response.redirected) return location.assign(there);
    swap(document.getElementById("drill"), await response.text());
    stay(there);
  } catch {
    form.submit(); // the browser says what is wrong
  }
});

// Last, because it fails in a browser that keeps nothing.
document.addEventListener("input", ({ target }) => {
  if (target.id === "typed") sessionStorage.setItem(kept(target), target.value);
});

const field = document.getElementById("typed");
if (field) field.value = sessionStorage.getItem(kept(field)) ?? field.value;
