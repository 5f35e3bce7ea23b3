// In the Forge app's static page: what htmx would ask over the network goes over Forge's bridge to our server,
// which answers {status, html, headers}. Forge puts `__bridge` into the page and signs each call for its reader.
"use strict";
(() => {
  const call = globalThis.__bridge?.callBridge;
  const screen = document.getElementById("screen");
  const says = JSON.parse(document.body.dataset.says);
  const LONGEST_MS = 20000;
  const LATE = new Error("late");
  let language = navigator.language;

  async function ask(method, path, form) {
    const body = { method, path, form, language: (language || "").replace("_", "-") };
    const wanted = { path: "/forge/ui", method: "POST", headers: { "Content-Type": "application/json" }, body };
    const said = await call("invoke", { ...wanted, invokeType: "ui-remote-fetch" });
    const answer = said?.success ? (said.payload.body ?? said.payload) : null;
    if (typeof answer?.html !== "string") throw new Error("no answer");
    return answer;
  }

  // As much of XMLHttpRequest as htmx uses.
  class OverTheBridge extends EventTarget {
    upload = new EventTarget();
    status = 0;
    response = "";
    responseText = "";
    responseURL = "";
    readyState = 0;
    #headers = {};
    open(method, path) {
      this.method = method.toUpperCase();
      this.path = path;
    }
    overrideMimeType() {}
    setRequestHeader() {} // who asks is in Forge's own token
    abort() {}
    getResponseHeader(name) {
      return this.#headers[name.toLowerCase()] ?? null;
    }
    getAllResponseHeaders() {
      return Object.entries(this.#headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
    }
    async send(form) {
      this.dispatchEvent(new Event("loadstart"));
      try {
        const sent = form ? new URLSearchParams(form).toString() : "";
        const patience = new Promise((_, refuse) => setTimeout(() => refuse(LATE), this.timeout || LONGEST_MS));
        const answer = await Promise.race([ask(this.method, this.path, sent), patience]);
        this.status = answer.status;
        this.response = this.responseText = answer.html;
        for (const [name, value] of Object.entries(answer.headers)) this.#headers[name.toLowerCase()] = value;
        this.readyState = 4;
        this.onload?.();
      } catch (trouble) {
        if (trouble === LATE) this.ontimeout?.();
        else this.onerror?.();
      }
      this.dispatchEvent(new Event("loadend"));
    }
  }
  globalThis.XMLHttpRequest = OverTheBridge;
  globalThis.kithspark.ask = async (path) => { // a file to be saved (board.js)
    const answer = await ask("GET", path, "");
    const blob = async () => new Blob([answer.html], { type: "text/csv" });
    return { ok: answer.status === 200, blob, text: async () => answer.html };
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[target=_blank]");
    if (!link || !call) return;
    event.preventDefault(); // the frame may open no window; its host may
    call("navigate", { url: link.href, type: "new-tab" });
  });

  async function begin() {
    if (!call) return kithspark.say(says.silent.replace("{}", "…"));
    const context = await call("getContext").catch(() => ({}));
    language = context?.locale || language;
    document.documentElement.lang = language.slice(0, 2);
    call("enableTheming")?.catch?.(() => {}); // then Forge sets its colours, and data-color-mode
    const mode = context?.theme?.colorMode;
    if (mode) document.documentElement.dataset.colorMode = mode;
    screen.setAttribute("aria-busy", "true");
    await htmx.ajax("GET", "/", { target: "#screen", swap: "innerHTML" });
    screen.removeAttribute("aria-busy");
  }
  begin();
})();
