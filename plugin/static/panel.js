// The panel looks as its host does: light, dark or with more contrast, and changes when the host does.
// Atlassian's script says so in attributes of the page; a frame may be told in its address, too.
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
  window.AP?.theming?.initializeTheming?.();
})();
