// Draws the lineage of a request as a graph, from the words of the list that the server wrote (picture.html).
// dagre says where things go; boxes are HTML and lines are SVG, so the host's colours hold. Arrow keys walk.
"use strict";
(() => {
  const GAP = 14; // px between boxes of one block
  const LARGE = 40; // so many boxes are not laid out anew to fit
  const ATTEMPTS = [[168, false], [136, false], [136, true], [106, true], [88, true]]; // box width, stacked
  const SVG = "http://www.w3.org/2000/svg";
  let figures = 0;

  const make = (tag, className, text = "") => {
    const one = document.createElement(tag);
    one.className = className;
    one.textContent = text;
    return one;
  };
  const svg = (tag, attributes) => {
    const one = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
    return one;
  };
  const by = (list, key) => {
    const groups = new Map();
    for (const one of list) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
    return groups;
  };
  class Lineage {
    constructor(figure) {
      this.figure = figure;
      this.lines = JSON.parse(figure.dataset.lineage);
      this.says = JSON.parse(figure.dataset.says);
      this.marker = `lineage-arrow-${++figures}`;
      this.scale = 1;
      this.build();
      this.width = 0;
      new ResizeObserver(() => this.resized()).observe(this.frame);
    }
    // --- what there is
    build() {
      const { figure } = this;
      this.frame = make("div", "lineage-frame");
      this.frame.setAttribute("role", "group");
      this.frame.setAttribute("aria-label", `${figure.getAttribute("aria-label")}: ${this.says.walk}`);
      this.room = make("div", "lineage-room");
      this.stage = make("div", "lineage-stage");
      this.room.append(this.stage);
      this.frame.append(this.room);
      this.boxes = new Map();
      for (const words of figure.querySelectorAll("[data-node]")) this.boxes.set(words.dataset.node, this.box(words));
      for (const [name, box] of this.boxes) box.setAttribute("aria-label", this.said(name));
      this.stage.append(...this.boxes.values());
      this.current = [...this.boxes].find(([, box]) => box.classList.contains("node-here"))?.[0] ?? this.boxes.keys().next().value;
      this.boxes.get(this.current).tabIndex = 0;
      figure.prepend(this.frame);
      figure.append(this.tools());
      figure.querySelector("details").open = false;
      this.frame.addEventListener("keydown", (event) => this.walk(event));
      this.frame.addEventListener("focusin", (event) => this.reached(event.target.closest("[data-box]")?.dataset.box));
    }
    box(words) {
      const link = words.querySelector("a");
      const box = make(link ? "a" : "div", words.className);
      box.append(...words.cloneNode(true).childNodes);
      for (const inner of box.querySelectorAll("a")) inner.replaceWith(...inner.childNodes);
      if (link) Object.assign(box, { href: link.href, target: link.target, rel: link.rel });
      else box.setAttribute("role", "img");
      box.dataset.box = words.dataset.node;
      box.tabIndex = -1;
      box.title = words.querySelector(".node-title")?.textContent ?? "";
      return box;
    }

    said(name) {
      const words = (one) => one.innerText || [...one.querySelectorAll("b, .node-head > span, .node-title, .node-sub > span")].map((part) => part.textContent).join(" ");
      const short = (one) => this.boxes.get(one)?.querySelector("b").textContent;
      const to = this.lines.filter((line) => line.src === name).map((line) => `${this.says.to} ${short(line.dst)}${line.words && `, ${line.words}`}`);
      const from = this.lines.filter((line) => line.dst === name).map((line) => `${this.says.from} ${short(line.src)}${line.words && `, ${line.words}`}`);
      return [words(this.boxes.get(name)).replace(/\s+/g, " "), ...from, ...to].join("; ");
    }

    tools() {
      const bar = make("div", "lineage-tools");
      const button = (words, act) => {
        const one = make("button", "lineage-tool", words);
        one.type = "button";
        one.addEventListener("click", act);
        bar.append(one);
        return one;
      };
      this.fit = button(this.says.all, () => this.zoom(this.scale < 1 ? 1 : Math.max(0.1, this.whole())));
      this.open = button(this.says.large, () => this.enlarge());
      return bar;
    }

    // --- where it goes

    resized() {
      const width = this.frame.clientWidth;
      if (!width || Math.abs(width - this.width) < 4) return;
      this.width = width;
      this.draw();
    }

    draw() {
      const room = this.width - 2;
      const attempts = this.boxes.size > LARGE ? [[Math.min(168, Math.max(120, room / 2)), true]] : ATTEMPTS;
      for (const [width, stacked] of attempts) {
        this.layout(width, stacked);
        if (this.graph.graph().width <= room) break;
      }
      this.paint();
      this.zoom(1);
      this.show(this.current);
      const fits = this.whole() >= 1;
      this.fit.hidden = fits;
      this.frame.classList.toggle("lineage-scrolls", !fits);
    }

    layout(width, stacked) {
      for (const box of this.boxes.values()) box.style.width = `${width}px`;
      this.tall = new Map([...this.boxes].map(([name, box]) => [name, box.offsetHeight]));
      const stacks = this.stacks(stacked);
      const home = new Map(stacks.flatMap((stack) => stack.flatMap((block) => block.map((name) => [name, stack]))));
      this.graph = new dagre.graphlib.Graph({ multigraph: true });
      this.graph.setGraph({ rankdir: "TB", rankalign: "top", nodesep: 12, edgesep: 8, ranksep: 24, marginx: 4, marginy: 6 });
      this.graph.setDefaultEdgeLabel(() => ({}));
      stacks.forEach((stack, id) => {
        stack.id = String(id);
        const pad = stack.length > 1 ? 8 : 0;
        const heights = stack.map((block) => block.reduce((sum, name) => sum + this.tall.get(name) + GAP, -GAP));
        const height = heights.reduce((sum, one) => sum + one + 8, -8) + 2 * pad;
        this.graph.setNode(stack.id, { width: width + 2 * pad, height, stack, pad });
      });
      const drawn = this.lines.filter((line) => home.get(line.src) !== home.get(line.dst));
      const ways = by(drawn, (line) => [home.get(line.src).id, home.get(line.dst).id, line.kind, line.aside].join(" "));
      for (const [id, of] of [...ways].reverse()) { // dagre lays the last one to the left
        const words = of.length === 1 ? of[0].words : of[0].words.split(" ")[0];
        const label = { words, kind: of[0].kind, aside: of[0].aside, why: of[0].why, labelpos: "c" };
        Object.assign(label, words ? { width: 8 + 6.2 * words.length, height: 16 } : { width: 0, height: 0 });
        this.graph.setEdge(home.get(of[0].src).id, home.get(of[0].dst).id, label, id);
      }
      dagre.layout(this.graph);
    }

    // Who asked stands on what they asked for, unless other lines lead there too: one block. Blocks with the
    // same neighbours may make one stack.
    stacks(stacked) {
      const led = new Set(this.lines.filter((line) => line.kind !== "asked").map((line) => line.dst));
      const asked = new Map(this.lines.filter((line) => line.kind === "asked" && !led.has(line.dst)).map((line) => [line.src, line.dst]));
      const above = by([...asked], ([, item]) => item);
      const blocks = [...this.boxes.keys()].filter((name) => !asked.has(name));
      const block = (name) => [...(above.get(name) ?? []).map(([askers]) => askers), name];
      if (!stacked) return blocks.map((name) => [block(name)]);
      const alike = by(blocks, (name) => {
        const ways = this.lines.filter((line) => !asked.has(line.src) && (line.src === name || line.dst === name));
        const said = ways.map((line) => [line.src === name ? ">" : line.src, line.dst === name ? ">" : line.dst, line.kind, line.aside].join(" "));
        return said.length ? said.sort().join(";") : name;
      });
      return [...alike.values()].map((names) => names.map(block));
    }

    // --- what one sees

    paint() {
      const { width, height } = this.graph.graph();
      this.size = { width, height };
      this.stage.querySelectorAll("svg.lineage-lines, .lineage-stack, .lineage-label").forEach((old) => old.remove());
      const canvas = svg("svg", { class: "lineage-lines", width, height, "aria-hidden": "true" });
      const arrow = svg("marker", { id: this.marker, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" });
      arrow.append(svg("path", { class: "lineage-arrow", d: "M0 0L8 4L0 8z" }));
      canvas.append(arrow);
      this.stage.prepend(canvas);
      for (const id of this.graph.nodes()) this.place(this.graph.node(id), canvas);
      for (const way of this.graph.edges()) this.line(this.graph.edge(way), canvas);
    }

    place({ x, y, width, height, stack, pad }, canvas) {
      let top = y - height / 2 + pad;
      if (pad) {
        const ground = make("div", "lineage-stack");
        Object.assign(ground.style, { left: `${x - width / 2}px`, top: `${top - pad}px`, width: `${width}px`, height: `${height}px` });
        canvas.before(ground);
      }
      for (const block of stack) {
        block.forEach((name, place) => {
          const box = this.boxes.get(name);
          Object.assign(box.style, { left: `${x - width / 2 + pad}px`, top: `${top}px` });
          top += this.tall.get(name) + (place < block.length - 1 ? GAP : 8);
          if (place < block.length - 1) {
            const d = `M${x} ${top - GAP}V${top - 1}`;
            canvas.append(svg("path", { class: "lineage-line lineage-asked", d, "marker-end": `url(#${this.marker})` }));
          }
        });
      }
    }

    line({ points, words, kind, aside, why, x, y }, canvas) {
      const at = points.map((point) => `${point.x.toFixed(1)} ${point.y.toFixed(1)}`);
      const middle = (a, b) => `${((a.x + b.x) / 2).toFixed(1)} ${((a.y + b.y) / 2).toFixed(1)}`;
      let d = `M${at[0]}`;
      for (let i = 1; i < points.length - 1; i++) d += `Q${at[i]} ${i === points.length - 2 ? at[i + 1] : middle(points[i], points[i + 1])}`;
      if (points.length === 2) d += `L${at[1]}`;
      const look = `lineage-line lineage-${kind}${aside ? " lineage-aside" : ""}`;
      canvas.append(svg("path", { class: look, d, "marker-end": `url(#${this.marker})` }));
      if (!words) return;
      const label = make("span", `lineage-label${aside ? " lineage-label-aside" : ""}`, words);
      label.title = why;
      label.setAttribute("aria-hidden", "true");
      Object.assign(label.style, { left: `${x}px`, top: `${y}px` });
      this.stage.append(label);
    }

    whole() {
      const tall = this.dialog?.open ? this.frame.clientHeight - 4 : Infinity;
      return Math.min(1, (this.width - 2) / this.size.width, tall / this.size.height);
    }

    zoom(scale) {
      this.scale = scale;
      this.stage.style.transform = `scale(${scale})`;
      Object.assign(this.room.style, { width: `${this.size.width * scale}px`, height: `${this.size.height * scale}px` });
      Object.assign(this.stage.style, { width: `${this.size.width}px`, height: `${this.size.height}px` });
      this.fit.textContent = scale < 1 ? this.says.full : this.says.all;
    }

    show(name) {
      const box = this.boxes.get(name);
      const half = (this.frame.clientWidth - box.offsetWidth * this.scale) / 2;
      this.frame.scrollLeft = box.offsetLeft * this.scale - half;
      this.frame.scrollTop = box.offsetTop * this.scale - this.frame.clientHeight / 3;
    }

    enlarge() {
      if (this.dialog?.open) return this.dialog.close();
      const place = document.createComment("lineage");
      this.figure.before(place);
      this.dialog = make("dialog", "lineage-dialog");
      this.dialog.setAttribute("aria-label", this.figure.getAttribute("aria-label"));
      document.body.append(this.dialog);
      this.dialog.append(this.figure);
      this.open.textContent = this.says.close;
      this.dialog.showModal();
      if (window !== window.top) this.dialog.requestFullscreen?.().catch(() => {}); // a host may forbid it
      this.dialog.addEventListener("close", () => {
        if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
        place.replaceWith(this.figure);
        this.dialog.remove();
        this.open.textContent = this.says.large;
        this.open.focus();
      });
    }

    // --- without a mouse

    walk(event) {
      const keys = { ArrowDown: [0, 1], ArrowUp: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
      const way = keys[event.key];
      const next = event.key === "Home" ? this.boxes.keys().next().value : way && this.beside(way);
      if (!next) return;
      event.preventDefault();
      this.boxes.get(next).focus();
    }

    // Along a line where one leads that way, else the nearest box on that side.
    beside([across, down]) {
      const middle = (name) => {
        const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = this.boxes.get(name);
        return [offsetLeft + offsetWidth / 2, offsetTop + offsetHeight / 2];
      };
      const [x, y] = middle(this.current);
      const joined = (name) => this.lines.some(({ src, dst }) => (src === this.current && dst === name) || (dst === this.current && src === name));
      const far = (name) => {
        const [x2, y2] = middle(name);
        const [ahead, aslant] = across ? [(x2 - x) * across, Math.abs(y2 - y)] : [(y2 - y) * down, Math.abs(x2 - x)];
        return ahead < 4 ? Infinity : ahead + 2 * aslant - (down && joined(name) ? 10000 : 0);
      };
      const near = [...this.boxes.keys()].filter((name) => far(name) < Infinity).sort((a, b) => far(a) - far(b));
      return near[0];
    }

    reached(name) {
      if (!name) return;
      this.boxes.get(this.current).tabIndex = -1;
      this.current = name;
      this.boxes.get(name).tabIndex = 0;
    }
  }

  const drawAll = (root) => {
    for (const figure of root.querySelectorAll("figure[data-lineage]:not(:has(> .lineage-frame))")) new Lineage(figure);
  };
  drawAll(document);
  document.addEventListener("htmx:afterSettle", () => drawAll(document));
})();
