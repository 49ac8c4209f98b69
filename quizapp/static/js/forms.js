// Forms sent by fetch: the answer replaces a piece of the page; a failure leaves everything as it was and says so.
import { announce, reveal, shownFor, swap } from "./page.js";
import { ASKED_BY_SCRIPT, post, SignedOut, wayBack } from "./session.js";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method") !== "post") return;
  if (form.dataset.busy) return event.preventDefault(); // the second click of a double click
  for (const input of form.querySelectorAll("[data-thinking]")) input.value = shownFor();
  form.dataset.busy = "yes";
  form.classList.add("is-busy");
  setTimeout(() => free(form), 10_000); // a download leaves the page where it is
  if (form.dataset.fetch) {
    event.preventDefault();
    send(form, event.submitter);
  } else if (form.hasAttribute("data-theme-form")) {
    event.preventDefault();
    chooseTheme(form, event.submitter);
  }
});

// A page that comes back from the browser's cache is not sending anything.
addEventListener("pageshow", () => document.querySelectorAll("form[data-busy]").forEach(free));

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-reveal]");
  if (!button) return;
  event.preventDefault();
  reveal(button);
});

async function send(form, submitter) {
  document.querySelector(".not-saved")?.remove();
  const said = new FormData(form);
  if (submitter?.name) said.append(submitter.name, submitter.value);
  const body = form.enctype === "multipart/form-data" ? said : new URLSearchParams(said); // the server reads it sooner
  try {
    const address = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
    const response = await post(address, body);
    if (response.redirected) return location.assign(response.url);
    if (response.headers.get("Content-Type")?.startsWith("text/html")) {
      const target = document.querySelector(form.dataset.fetch);
      const html = await response.text();
      free(form);
      return swap(target, html);
    }
    const { error } = await response.json();
    refused(form, submitter, response.status, error);
  } catch (failure) {
    refused(form, submitter, 0, failure instanceof SignedOut ? failure : { message: "No connection." });
  }
}

// Say what was not saved. What has moved on is shown anew; what could not be stored may be sent again.
function refused(form, submitter, status, error) {
  free(form);
  const later = (status === 0 && !error.other) || status === 429 || status >= 500;
  const again = later || "typed" in form.dataset; // to reload would empty the form
  const box = document.createElement("div");
  box.className = "not-saved";
  box.setAttribute("role", "alert");
  const said = document.createElement("span");
  const details = (error.places ?? []).map((place) => place.message).join(" ");
  said.textContent = `Not saved – ${[error.message, details].filter(Boolean).join(" ")}`;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-small";
  button.textContent = again ? "Retry" : "Reload the page";
  button.addEventListener("click", () => (again ? form.requestSubmit(submitter) : location.reload()));
  const signedOut = error instanceof SignedOut;
  const resend = () => box.isConnected && button.click();
  const soon = () => setTimeout(resend, 500); // a connection that has just come may not yet lead anywhere
  if (status === 0 && !signedOut) addEventListener("online", soon, { once: true });
  box.append(said);
  if (signedOut) box.append(wayBack(error));
  if (again || (status !== 422 && !signedOut)) box.append(button); // somebody else would not find the page
  (form.closest(".menu") ? document.querySelector(form.dataset.fetch) : form).prepend(box);
  box.querySelector("button, a")?.focus();
}

function free(form) {
  delete form.dataset.busy;
  form.classList.remove("is-busy");
}

// A form that shows, while it is filled in, what it would find: <form data-refresh="/address" data-into="#place">.
let waiting;
let turn = 0;
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-refresh]");
  if (!form) return;
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 200, form);
});

async function refresh(form) {
  const query = new URLSearchParams(new FormData(form));
  query.delete("csrf_token");
  const mine = ++turn;
  const response = await fetch(`${form.dataset.refresh}?${query}`, ASKED_BY_SCRIPT).catch(() => null);
  const html = response?.ok && (await response.text());
  if (html && mine === turn) document.querySelector(form.dataset.into).innerHTML = html; // the last question counts
}

// On the way back the browser fills a form in again by itself.
addEventListener("pageshow", ({ persisted }) => {
  const back = persisted || performance.getEntriesByType("navigation")[0]?.type !== "navigate";
  if (back) document.querySelectorAll("form[data-refresh]").forEach(refresh);
});

async function chooseTheme(form, submitter) {
  const body = new FormData(form);
  body.append(submitter.name, submitter.value);
  document.documentElement.dataset.theme = submitter.value;
  for (const button of form.querySelectorAll("[aria-pressed]")) button.setAttribute("aria-pressed", button === submitter);
  await fetch(form.getAttribute("action"), { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => announce("The theme was not kept."));
  free(form);
}
