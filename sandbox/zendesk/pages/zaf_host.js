// The page around the app: answers what the app in the frame asks. Counterpart of zaf_sdk.js.
function playHost(shown) {
  "use strict";
  const frame = document.querySelector("iframe[name=sidebar]");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  let listening = null;

  function context() {
    return { instanceGuid: shown.guid, product: "support", account: { subdomain: "sandbox" },
      location: shown.location || "ticket_sidebar", ticketId: shown.ticketId };
  }

  const values = {
    "ticket": { id: shown.ticketId, subject: shown.subject, status: shown.status, requester: shown.requester },
    "ticket.id": shown.ticketId, "ticket.subject": shown.subject, "ticket.status": shown.status,
    "ticket.requester": shown.requester, "currentUser": shown.user
  };

  function scheme() { return dark.matches ? "dark" : "light"; }

  function notify(words) {
    const toast = document.createElement("p");
    toast.className = "toast";
    toast.setAttribute("role", "status");
    toast.textContent = words;
    document.body.append(toast);
    setTimeout(function () { toast.remove(); }, 4000);
  }

  function invoke(name, args) {
    if (name === "resize" && args[0] && /^\d+(\.\d+)?px$/.test(args[0].height)) frame.style.height = args[0].height;
    else if (name === "notify") notify(String(args[0]).replace(/<[^>]*>/g, ""));
    else if (name === "routeTo" && args[0] === "ticket") window.location = "/agent/tickets/" + Number(args[1]);
    return {};
  }

  function answer(method, args) {
    if (method === "context") return context();
    if (method === "invoke") return invoke(args[0], args[1]);
    if (method === "get") {
      const found = { errors: {} };
      args[0].forEach(function (path) { found[path] = path === "colorScheme" ? scheme() : values[path]; });
      return found;
    }
    return {};
  }

  window.addEventListener("message", function (message) {
    const said = message.data || {};
    if (message.source !== frame.contentWindow || said.zaf !== "call" || said.guid !== shown.guid) return;
    function reply(more) { message.source.postMessage(Object.assign({ guid: shown.guid }, more), message.origin); }
    reply({ zaf: "answer", id: said.id, result: answer(said.method, said.args) });
    if (said.method === "register") {
      listening = reply;
      ["app.registered", "app.activated"].forEach(function (name) {
        reply({ zaf: "event", name: name, data: { context: context(), metadata: {} } });
      });
    }
  });

  dark.addEventListener("change", function () {
    if (listening) listening({ zaf: "event", name: "colorScheme.changed", data: scheme() });
  });
}
