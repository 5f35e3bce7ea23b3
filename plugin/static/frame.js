// What every page of ours inside a host's page does: it sends its key along, keeps it fresh, says when
// nobody answers, and keeps ages true. The key is in this closure and nowhere else.
"use strict";
(() => {
  const RENEW_MS = 4 * 60 * 1000;
  const SLACK_MS = 60 * 1000;
  const AGES_MS = 10 * 1000;
  const meta = document.querySelector('meta[name="kithspark-bearer"]');
  const base = document.body.dataset.base;
  const says = JSON.parse(document.body.dataset.says);
  const fill = (words, value) => words.replace("{}", value);
  const shown = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  let bearer = meta.content;
  let renewed = Date.now();
  let seen = shown();
  meta.remove();

  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers.Authorization = `Bearer ${bearer}`;
  });

  // The screen shows what was asked for last, not what came last; and a deed is heard to its end. That end is the
  // request's own: what asked may be gone from the page by then, and htmx's events with it.
  let filling = null;
  const late = new WeakSet();
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { target, xhr, requestConfig } = event.detail;
    if (target.id !== "screen") return;
    if (filling && filling.verb !== "get") {
      event.preventDefault();
      return;
    }
    if (filling) late.add(filling.xhr);
    filling = { xhr, verb: requestConfig.verb };
    xhr.addEventListener("loadend", () => {
      if (filling?.xhr === xhr) filling = null;
    });
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr, requestConfig } = event.detail;
    const unasked = target.id === "screen" && requestConfig.target.id !== "screen"; // a part of it: all is new
    if (late.has(xhr) || (unasked && filling)) event.preventDefault();
  });

  const busy = (isBusy) => (event) => {
    if (event.defaultPrevented) return;
    for (const button of event.detail.elt.querySelectorAll("button")) button.disabled = isBusy;
  };
  document.addEventListener("htmx:beforeRequest", busy(true)); // no second click meanwhile
  document.addEventListener("htmx:afterRequest", busy(false));

  // Jira says again who reads an issue; of a board it is asked at each page, and Zendesk's first word holds.
  const told = () => base.includes("/issues/") && globalThis.AP?.context && new Promise((done) => AP.context.getToken(done));
  async function renew() {
    if (!base) return;
    const proof = await told();
    const Authorization = proof ? `JWT ${proof}` : `Bearer ${bearer}`;
    const answer = await fetch(`${base}/renew`, { method: "POST", headers: { Authorization } });
    if (!answer.ok) return;
    bearer = (await answer.json()).bearer;
    renewed = Date.now();
  }
  setInterval(() => renew().catch(() => {}), RENEW_MS);

  document.addEventListener("htmx:confirm", (event) => {
    if (!base || Date.now() - renewed < RENEW_MS + SLACK_MS) return;
    event.preventDefault(); // the machine slept: first a fresh key, then the question
    renew().catch(() => {}).finally(() => event.detail.issueRequest(true));
  });

  function say(words) {
    const note = document.createElement("div");
    note.className = "note note-bad";
    note.setAttribute("role", "alert");
    note.textContent = words;
    document.getElementById("message").replaceChildren(note);
  }
  const silent = () => say(fill(says.silent, seen));
  document.addEventListener("htmx:sendError", silent);
  document.addEventListener("htmx:timeout", silent);

  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id !== "screen") return;
    seen = shown();
    document.getElementById("message").replaceChildren();
    event.detail.target.querySelector("[data-focus]")?.focus();
    ages();
  });

  function ages() {
    for (const at of document.querySelectorAll("time[data-ago]")) {
      const s = Math.max(0, Math.floor((Date.now() - Date.parse(at.dateTime)) / 1000));
      if (s < 90) at.textContent = fill(says.seconds, s);
      else if (s < 5400) at.textContent = fill(says.minutes, Math.floor(s / 60));
    }
  }
  setInterval(ages, AGES_MS);

  const ask = (address) => fetch(address, { headers: { Authorization: `Bearer ${bearer}` } });
  window.kithspark = { base, say, says, silent, ask };
})();
