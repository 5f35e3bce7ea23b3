// The panel looks as its host does: light, dark or with more contrast, and changes when the host does.
// Atlassian's script says so in attributes of the page; a frame may be told in its address, too.
// Who wants which part stays chosen while the parts are still being typed.
"use strict";
(() => {
  const root = document.documentElement;
  const asked = new URLSearchParams(location.search).get("theme") || "";

  function follow() {
    const { colorMode = "", theme = asked, contrastMode = "" } = root.dataset;
    const mode = colorMode || (/dark/.test(asked) ? "dark" : /light/.test(asked) ? "light" : "");
    if (mode === "light" || mode === "dark") root.dataset.colour = mode;
    else delete root.dataset.colour;
    root.dataset.contrast = contrastMode === "more" || /contrast/.test(theme) ? "more" : "normal";
  }

  const watched = ["data-color-mode", "data-theme", "data-contrast-mode"];
  new MutationObserver(follow).observe(root, { attributes: true, attributeFilter: watched });
  follow();

  let chosen = [];
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target.id === "who") chosen = [...detail.target.querySelectorAll(":checked")].map((one) => one.id);
  });
  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target.id !== "who") return;
    for (const id of chosen) {
      const again = document.getElementById(id);
      if (again) again.checked = true;
    }
  });
  window.AP?.theming?.initializeTheming?.();
})();
