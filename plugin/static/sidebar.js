// Asks Zendesk which ticket is open, shows what we know of it, and keeps the frame as tall as its content.
"use strict";
(() => {
  const { base, say, says } = window.kithspark;
  const screen = document.getElementById("screen");
  if (!window.ZAFClient) {
    say(says.beside);
    return;
  }
  const client = window.ZAFClient.init();
  if (!client) {
    say(says.beside);
    return;
  }

  async function show() {
    const { "ticket.id": ticket } = await client.get("ticket.id");
    if (!ticket) say(says.unsaved);
    else htmx.ajax("GET", `${base}/tickets/${Number(ticket)}`, { target: "#screen", source: screen });
  }

  async function colours() {
    const { colorScheme } = await client.get("colorScheme");
    if (colorScheme === "dark" || colorScheme === "light") document.documentElement.dataset.colour = colorScheme;
  }

  let tall = 0;
  new ResizeObserver(() => {
    const height = Math.min(document.body.scrollHeight, 1200);
    if (Math.abs(height - tall) < 4) return;
    tall = height;
    client.invoke("resize", { width: "100%", height: `${height}px` });
  }).observe(document.body);

  client.on("ticket.saved", show);
  colours().catch(() => {}); // an older host does not know the word; then the browser's preference counts
  client.on("colorScheme.changed", () => colours().catch(() => {}));
  show().catch(() => say(says.lost));
})();
