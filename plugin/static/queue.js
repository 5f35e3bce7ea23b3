// The approval queue: moments by the reader's own clock, and all of a page chosen at once. Without this, moments
// are in UTC, and each is chosen by itself.
"use strict";
(() => {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const written = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" };

  function local(root) {
    const language = document.documentElement.lang;
    for (const at of root.querySelectorAll("time[data-local]")) {
      const moment = new Date(at.dateTime);
      at.textContent = new Intl.DateTimeFormat(language, written).format(moment);
    }
    for (const one of root.querySelectorAll("[data-zone]")) one.textContent = zone;
    for (const all of root.querySelectorAll("[data-all]")) all.closest("label").hidden = false;
  }

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.matches("[data-moment]")) {
      const moment = new Date(field.value); // without a zone: by the reader's clock
      field.form.elements.instant.value = Number.isNaN(moment.getTime()) ? "" : moment.toISOString();
    }
    if (field.matches("[data-all]")) {
      for (const one of field.form.elements) if (one.name === "notice") one.checked = field.checked;
    }
  });
  document.addEventListener("htmx:load", (event) => local(event.detail.elt));
  document.addEventListener("DOMContentLoaded", () => local(document));
  local(document);
})();
