// The pages of authors: a place to drop a file on, a button that copies a list, and a word before typed text is lost.
import { announce } from "./page.js";

for (const area of document.querySelectorAll("[data-drop]")) {
  const input = area.querySelector("input[type=file]");
  const name = area.querySelector("[data-drop-name]");
  const over = (is) => area.classList.toggle("is-over", is);
  const tell = () => {
    const file = input.files[0];
    name.textContent = file ? file.name : "";
    if (file) announce(`${file.name} is chosen.`);
  };
  input.addEventListener("change", tell);
  for (const kind of ["dragenter", "dragover"]) {
    area.addEventListener(kind, (event) => {
      event.preventDefault();
      over(true);
    });
  }
  area.addEventListener("dragleave", (event) => {
    if (!area.contains(event.relatedTarget)) over(false);
  });
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    tell();
    area.closest("form").requestSubmit();
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue; // only where the address is secure; the download is there in any case
  button.hidden = false;
  button.addEventListener("click", async () => {
    const label = button.querySelector("[data-copy-label]");
    try {
      const response = await fetch(button.dataset.copy);
      if (!response.ok) throw new Error(response.statusText);
      await navigator.clipboard.writeText(await response.text());
      label.textContent = "Copied";
    } catch {
      label.textContent = "Not copied – try the download";
    }
    announce(label.textContent);
  });
}

// <form data-typed>: what was typed there and not sent is asked about before the page is left. A form that came back
// with something to correct, or with one more row, was not kept either: data-typed="unsent".
document.addEventListener("input", ({ target }) => {
  const form = target.closest("form[data-typed]");
  if (form) form.dataset.typed = "unsent";
});

addEventListener("beforeunload", (event) => {
  if (document.querySelector('form[data-typed="unsent"]:not([data-busy])')) event.preventDefault();
});
