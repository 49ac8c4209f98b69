// A typed answer is compared on the server; its turn comes as a piece of the page, like every other card.
import { swap } from "./page.js";

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-turn")) return;
  event.preventDefault();
  const query = new URLSearchParams(new FormData(form));
  try {
    const response = await fetch(`${form.action}?${query}`, { headers: { "X-Requested-With": "fetch" } });
    if (!response.ok || response.redirected) return location.assign(`${form.action}?${query}`);
    swap(document.getElementById("drill"), await response.text());
  } catch {
    form.submit(); // the browser says what is wrong
  }
});
