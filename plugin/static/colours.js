// In the nav bar: light or dark, as Zendesk is.
"use strict";
(() => {
  const { say, says } = window.kithspark;
  const client = window.ZAFClient && window.ZAFClient.init();
  if (!client) {
    say(says.outside);
    return;
  }
  async function colours() {
    const { colorScheme } = await client.get("colorScheme");
    if (colorScheme === "dark" || colorScheme === "light") document.documentElement.dataset.colour = colorScheme;
  }
  colours().catch(() => {}); // an older host does not know the word; then the browser's preference counts
  client.on("colorScheme.changed", () => colours().catch(() => {}));
})();
