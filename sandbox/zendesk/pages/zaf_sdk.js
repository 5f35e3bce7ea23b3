// A small stand-in for the vendor's app SDK: the calls that a sidebar app makes, over postMessage.
(function () {
  "use strict";

  function connect() {
    const asked = new URLSearchParams(window.location.search);
    const origin = asked.get("origin"), guid = asked.get("app_guid");
    if (!origin || window.parent === window) return false;
    const waiting = new Map(), listeners = new Map();
    let last = 0;

    function call(method, args) {
      return new Promise(function (resolve, reject) {
        last += 1;
        waiting.set(last, { resolve: resolve, reject: reject });
        window.parent.postMessage({ zaf: "call", guid: guid, id: last, method: method, args: args }, origin);
      });
    }

    window.addEventListener("message", function (message) {
      const said = message.data || {};
      if (message.origin !== origin || said.guid !== guid) return;
      if (said.zaf === "answer" && waiting.has(said.id)) {
        const one = waiting.get(said.id);
        waiting.delete(said.id);
        if (said.error) one.reject(new Error(said.error)); else one.resolve(said.result);
      } else if (said.zaf === "event") {
        (listeners.get(said.name) || []).forEach(function (hear) { hear(said.data); });
      }
    });

    const client = {
      context: function () { return call("context", []); },
      get: function (paths) { return call("get", [[].concat(paths)]); },
      invoke: function (name) { return call("invoke", [name, Array.prototype.slice.call(arguments, 1)]); },
      on: function (name, hear) { listeners.set(name, (listeners.get(name) || []).concat(hear)); },
      off: function (name, hear) {
        listeners.set(name, (listeners.get(name) || []).filter(function (one) { return one !== hear; }));
      }
    };
    call("register", []);
    return client;
  }

  window.ZAFClient = { init: connect };
})();
