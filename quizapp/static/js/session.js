// What a script sends, also from a page that has outlived its session: once the same person has signed in again, in
// whichever tab, it is sent with the token of the new session.
export const ASKED_BY_SCRIPT = { headers: { "X-Requested-With": "fetch" } };
const OUT = "You were signed out. Sign in again, then come back here and retry.";
const OTHER =
  "This page was opened by another account, or before you signed in. What was saved from it is kept; what you did as a guest can be added to your account on the first page.";

// Nothing can be sent until the person who opened the page signs in; `other` says whether somebody else is here.
export class SignedOut extends Error {
  constructor(other) {
    super(other ? OTHER : OUT);
    this.other = other;
  }
}

// Send `body` and return the answer. Throws SignedOut, or TypeError where there is no connection.
export async function post(address, body, options = {}) {
  const send = () => fetch(address, { method: "POST", body, ...ASKED_BY_SCRIPT, ...options });
  const response = await send();
  if (!(await isOver(response))) return response;
  body.set("csrf_token", await renew());
  return send();
}

// What goes with the message: a link, beside which this page stays open.
export function wayBack({ other }) {
  const link = document.createElement("a");
  link.href = other ? "/" : "/login";
  link.target = "_blank";
  link.textContent = other ? "First page in a new tab" : "Sign in in a new tab";
  return link;
}

async function isOver(response) {
  if (response.redirected) return new URL(response.url).pathname === "/login";
  if (response.status !== 400 || !response.headers.get("Content-Type")?.startsWith("application/json")) return false;
  return (await response.clone().json()).error.code === "stale_form";
}

// Give every form of this page the present token, and return it.
async function renew() {
  const learner = document.documentElement.dataset.learner ?? "";
  const response = await fetch(`/form-token?learner=${learner}`, { ...ASKED_BY_SCRIPT, cache: "no-store" });
  const { token, anybody } = await response.json();
  if (!token) throw new SignedOut(anybody);
  for (const input of document.querySelectorAll("input[name=csrf_token]")) input.value = token;
  return token;
}
