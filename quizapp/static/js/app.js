// Every page works as plain HTML; these modules make it quicker to use.
import { prepare } from "./page.js";
import "./forms.js";
import "./keys.js";
import "./menus.js";

// To the page as it was left: its address would bring it anew, without what was typed.
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-back]")) return;
  event.preventDefault();
  history.back();
});

prepare(document);
document.querySelector("main [role=alert][data-focus]")?.focus(); // what is wrong comes first
