// What Forge puts into an app's page: the bridge to the product's page around it (jira_issue.html).
(function () {
  "use strict";
  var waiting = {}, number = 0, themed = false;
  window.addEventListener("message", function (event) {
    var said = event.data || {};
    if (event.source !== parent) return;
    if (said.forge === "theme" && themed) document.documentElement.dataset.colorMode = said.mode;
    if (said.forge !== "answer") return;
    var then = waiting[said.number];
    delete waiting[said.number];
    if (then) then(said.value);
  });
  function ask(what, value) {
    return new Promise(function (done) {
      waiting[++number] = done;
      parent.postMessage({ forge: what, number: number, value: value }, "*");
    });
  }
  window.__bridge = {
    callBridge: function (what, value) {
      if (what !== "enableTheming") return ask(what, value);
      themed = true; // and from now on with every change of the host's
      return ask("getContext").then(function (context) {
        document.documentElement.dataset.colorMode = context.theme.colorMode;
      });
    }
  };
  window.addEventListener("load", function () {
    new ResizeObserver(function () {
      parent.postMessage({ forge: "resize", value: document.documentElement.offsetHeight }, "*");
    }).observe(document.documentElement);
  });
})();
