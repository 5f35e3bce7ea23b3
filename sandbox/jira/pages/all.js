// What an app's frame loads from its host, as far as our panel uses it. Talks to jira_issue.html.
(function () {
  "use strict";
  var host = new URLSearchParams(location.search).get("xdm_e") || "*";
  var waiting = {}, number = 0;
  function tell(what, more) {
    parent.postMessage(Object.assign({ ap: what }, more), host);
  }
  window.addEventListener("message", function (event) {
    if (event.source !== parent || !event.data) return;
    if (event.data.ap === "theme") {
      document.documentElement.dataset.colorMode = event.data.mode;
      document.documentElement.dataset.contrastMode = event.data.contrast;
    }
    if (event.data.ap !== "token") return;
    var then = waiting[event.data.number];
    delete waiting[event.data.number];
    if (then) then(event.data.token);
  });
  window.AP = {
    resize: function (width, height) {
      tell("resize", { height: height || document.documentElement.offsetHeight });
    },
    theming: {
      initializeTheming: function () { tell("theme"); }
    },
    context: {
      getToken: function (callback) {
        return new Promise(function (done) {
          waiting[++number] = function (token) {
            if (callback) callback(token);
            done(token);
          };
          tell("token", { number: number });
        });
      }
    }
  };
  if (document.currentScript && !/resize:\s*false/.test(document.currentScript.dataset.options || "")) {
    window.addEventListener("load", function () {
      AP.resize();
      new ResizeObserver(function () { AP.resize(); }).observe(document.documentElement);
    });
  }
})();
