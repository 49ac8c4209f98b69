// The time spent on a quiz: what the server has counted, and what goes by while a question is open.
import { shownFor } from "./page.js";

function show() {
  const element = document.querySelector("[data-spent]");
  if (!element) return;
  const seconds = Math.floor((Number(element.dataset.spent) + shownFor()) / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (!parts[0]) parts.shift();
  element.textContent = parts.map((part, at) => (at ? String(part).padStart(2, "0") : part)).join(":");
}

show();
setInterval(show, 1000);
