// Draws demand over time (trend.html): people above, money below, day by day. The table stays for whoever reads.
"use strict";
(() => {
  const HEIGHT_PX = 110;
  const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", timeZone: "UTC" });

  class Trend {
    constructor(figure) {
      this.figure = figure;
      const { days, people, money, currency } = JSON.parse(figure.dataset.trend);
      const says = JSON.parse(figure.dataset.says);
      const amount = new Intl.NumberFormat(undefined, { style: "currency", currency, notation: "compact", maximumFractionDigits: 1 });
      this.lines = [{ name: says.people, values: people, say: (value) => String(value), whole: true }];
      if (money.some(Boolean)) this.lines.push({ name: says.money, values: money, say: (value) => amount.format(value) });
      this.days = days;
      this.frame = document.createElement("div");
      this.frame.className = "trend-frame";
      this.frame.setAttribute("aria-hidden", "true"); // the caption and the table say it
      figure.querySelector("figcaption").after(this.frame);
      figure.querySelector("details").open = false;
      this.plots = [];
      this.width = 0;
      new ResizeObserver(() => this.resized()).observe(this.frame);
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
    }

    resized() {
      const width = this.frame.clientWidth;
      if (!width || Math.abs(width - this.width) < 4) return;
      this.width = width;
      this.draw();
    }

    colour(name) {
      const probe = document.createElement("i");
      probe.className = `trend-${name}`;
      this.frame.append(probe);
      const { color } = getComputedStyle(probe);
      probe.remove();
      return color;
    }

    draw() {
      for (const plot of this.plots) plot.destroy();
      this.plots = this.lines.map((line) => new uPlot(this.options(line), [this.days, line.values], this.frame));
    }

    options({ name, say, whole }) {
      const quiet = this.colour("quiet");
      const axis = { stroke: quiet, grid: { stroke: this.colour("grid"), width: 1 }, ticks: { show: false }, font: "11px system-ui, sans-serif" };
      return {
        title: name,
        width: this.width,
        height: HEIGHT_PX,
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
        legend: { show: true, live: true },
        cursor: { y: false, drag: { x: false, y: false } },
        scales: { y: { range: (_, low, high) => [0, Math.max(high, 1) * 1.1] } },
        axes: [
          { ...axis, size: 24, space: 70, incrs: [1, 2, 7, 14, 28].map((days) => days * 86400), values: (_, at) => at.map((seconds) => day.format(seconds * 1000)) },
          { ...axis, size: 52, space: 28, incrs: whole ? [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] : undefined, values: (_, at) => at.map(say) },
        ],
        series: [
          { label: "Day", value: (_, seconds) => (seconds === null ? "" : day.format(seconds * 1000)) },
          { label: name, stroke: this.colour("line"), width: 2, fill: this.colour("ground"), paths: uPlot.paths.stepped({ align: 1 }), points: { show: false }, value: (_, value) => (value === null ? "" : say(value)) },
        ],
      };
    }
  }

  const drawAll = () => {
    for (const figure of document.querySelectorAll("figure[data-trend]:not(:has(.trend-frame))")) new Trend(figure);
  };
  drawAll();
  document.addEventListener("htmx:afterSettle", drawAll);
})();
