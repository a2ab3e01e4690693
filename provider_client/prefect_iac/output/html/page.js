"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const SVG = "http://www.w3.org/2000/svg";
  const byId = (id) => document.getElementById(id);
  const make = (tag, attributes = {}, ...children) => {
    const svg = ["svg", "g", "path", "rect", "text", "line", "defs", "marker", "title"].includes(tag);
    const made = svg ? document.createElementNS(SVG, tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };
  const cut = (text, length) => ([...text].length > length ? [...text].slice(0, length - 1).join("") + "…" : text);

  // Dark and light: the reader's choice, else the system's.
  const theme = byId("theme");
  const dark = () => {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };
  const sayTheme = () => {
    theme.setAttribute("aria-pressed", String(dark()));
  };
  theme.addEventListener("click", () => {
    document.documentElement.dataset.theme = dark() ? "light" : "dark";
    sayTheme();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", sayTheme);
  sayTheme();

  // Filters: an item shows if it has the words, and one of the pressed values of each group that it belongs to.
  const items = [...document.querySelectorAll("[data-item]")];
  const buttons = [...document.querySelectorAll(".filters button[data-group]")];
  const search = byId("search");
  const haystacks = new Map(items.map((item) => [item, item.textContent.toLowerCase()]));
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const pressed = {};
    for (const button of buttons) {
      if (button.getAttribute("aria-pressed") === "true") {
        (pressed[button.dataset.group] ??= new Set()).add(button.dataset.value);
      }
    }
    let shown = 0;
    for (const item of items) {
      const fits =
        words.every((word) => haystacks.get(item).includes(word)) &&
        Object.entries(pressed).every(([group, values]) => !(group in item.dataset) || values.has(item.dataset[group]));
      item.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    const all = shown === items.length;
    byId("shown").textContent = items.length === 0 ? "" : all ? `${items.length} entries` : `${shown} of ${items.length} entries`;
    for (const section of document.querySelectorAll("section[data-counted]")) {
      section.querySelector(".none").hidden = section.querySelectorAll("[data-item]:not([hidden])").length > 0;
    }
    document.dispatchEvent(new CustomEvent("narrowed", { detail: words }));
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      apply();
    });
  }
  search.addEventListener("input", apply);
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input")) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape" && event.target === search) {
      search.value = "";
      apply();
    }
  });
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((fold) => (fold.open = true)));

  drawTimeline();
  drawGraph();
  apply();

  function drawTimeline() {
    const holder = byId("timeline-rows");
    if (!holder) return;
    const { start, end, covered, rows } = data.timeline;
    const WIDTH = 800;
    const BINS = 160;
    const MANY = 60;
    const at = (time) => ((time - start) / (end - start)) * WIDTH;
    const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
    const hour = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
    const steps = [900, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86400, 2 * 86400, 7 * 86400, 30 * 86400, 365 * 86400];
    const wide = holder.clientWidth > 560;
    const step = steps.find((seconds) => (end - start) / seconds <= (wide ? 8 : 4)) ?? end - start;
    const ticks = [];
    for (let time = Math.ceil(start / step) * step; time <= end; time += step) ticks.push(time);
    const frame = (height) => make("svg", { viewBox: `0 0 ${WIDTH} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" });
    const axis = byId("timeline-axis");
    const labels = make("svg", { "aria-hidden": "true" });
    for (const time of ticks) {
      const share = (time - start) / (end - start);
      if (share > 0.95) continue;
      const anchor = share < 0.05 ? "start" : "middle";
      const format = step < 86400 ? hour : day;
      labels.append(make("text", { x: `${share * 100}%`, y: 14, class: "tick", "text-anchor": anchor }, format.format(time * 1000)));
    }
    axis.append(labels);
    const most = Math.max(1, ...rows.flatMap((row) => [counts(row.now), counts(row.planned)].map((bins) => Math.max(...bins))));
    function counts(times) {
      const bins = new Array(BINS).fill(0);
      for (const time of times) {
        const bin = Math.floor(((time - start) / (end - start)) * BINS);
        if (bin >= 0 && bin <= BINS) bins[Math.min(bin, BINS - 1)] += 1;
      }
      return bins;
    }
    holder.querySelectorAll(".line-row").forEach((element, number) => {
      const row = rows[number];
      const svg = frame(44);
      if (covered > start) svg.append(make("rect", { x: 0, y: 0, width: at(Math.min(covered, end)), height: 44, class: "uncovered" }));
      for (const time of ticks) svg.append(make("line", { x1: at(time), x2: at(time), y1: 0, y2: 44, class: "grid" }));
      svg.append(make("line", { x1: 0, x2: WIDTH, y1: 22, y2: 22, class: "grid" }));
      for (const [kind, times] of [["now", row.now], ["planned", row.planned]]) {
        const lane = [];
        counts(times).forEach((count, bin) => {
          if (!count) return;
          const height = 3 + 17 * Math.sqrt(count / most);
          const [x, y, width] = [(bin * WIDTH) / BINS, kind === "now" ? 21 - height : 23, WIDTH / BINS - 0.8];
          if (rows.length > MANY) {
            lane.push(`M${x} ${y}h${width}v${height.toFixed(1)}h${-width}z`);
            return;
          }
          const when = new Date((start + (bin * (end - start)) / BINS) * 1000);
          const said = `${kind}: ${count} about ${day.format(when)} ${hour.format(when)} UTC`;
          svg.append(make("rect", { class: `fire ${kind}`, x, y, width, height }, make("title", {}, said)));
        });
        // So many marks, each with its words, would take seconds to draw.
        if (lane.length) svg.append(make("path", { class: `fire ${kind}`, d: lane.join("") }));
      }
      element.querySelector(".name").after(svg);
    });
  }

  function drawGraph() {
    const canvas = byId("graph-canvas");
    if (!canvas) return;
    const { nodes, edges } = data.graph;
    const known = new Map(nodes.map((node) => [node.id, node]));
    const lines = edges.filter((edge) => known.has(edge.source) && known.has(edge.target));
    const out = new Map(nodes.map((node) => [node.id, []]));
    for (const edge of lines) out.get(edge.source).push(edge.target);
    // Columns: the longest way from a start, without the edges that lead back.
    const column = new Map();
    const back = new Set();
    const state = new Map();
    const order = [];
    const starts = [...nodes].sort((a, b) => (a.kind === "event" ? 0 : 1) - (b.kind === "event" ? 0 : 1));
    for (const first of starts) {
      if (state.has(first.id)) continue;
      const stack = [[first.id, 0]];
      state.set(first.id, 1);
      while (stack.length) {
        const top = stack[stack.length - 1];
        const next = out.get(top[0])[top[1]++];
        if (next === undefined) {
          state.set(top[0], 2);
          order.push(top[0]);
          stack.pop();
        } else if (state.get(next) === 1) back.add(`${top[0]}\n${next}`);
        else if (!state.has(next)) {
          state.set(next, 1);
          stack.push([next, 0]);
        }
      }
    }
    for (const id of order.reverse()) {
      column.set(id, column.get(id) ?? 0);
      for (const next of out.get(id)) {
        if (!back.has(`${id}\n${next}`)) column.set(next, Math.max(column.get(next) ?? 0, column.get(id) + 1));
      }
    }
    const columns = [];
    for (const node of nodes) (columns[column.get(node.id)] ??= []).push(node.id);
    const rank = new Map();
    columns.forEach((ids) => ids.forEach((id, number) => rank.set(id, number)));
    const before = new Map(nodes.map((node) => [node.id, []]));
    for (const edge of lines) before.get(edge.target).push(edge.source);
    for (let round = 0; round < 4; round += 1) {
      for (const ids of columns) {
        const weight = (id) => {
          const near = [...before.get(id), ...out.get(id)];
          return near.length ? near.reduce((sum, other) => sum + rank.get(other), 0) / near.length : rank.get(id);
        };
        const weights = new Map(ids.map((id) => [id, weight(id)]));
        ids.sort((a, b) => weights.get(a) - weights.get(b));
        ids.forEach((id, number) => rank.set(id, number));
      }
    }
    const [W, H, DX, DY] = [210, 44, 290, 66];
    const tallest = Math.max(...columns.map((ids) => ids.length));
    const place = new Map();
    columns.forEach((ids, x) => ids.forEach((id, y) => place.set(id, [x * DX, (y + (tallest - ids.length) / 2) * DY])));
    const root = make("g");
    const defs = make("defs");
    for (const kind of ["plain", "loop"]) {
      defs.append(make("marker", { id: `arrow-${kind}`, viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" },
        make("path", { d: "M0 0 L10 5 L0 10 z", class: `arrow ${kind}` })));
    }
    canvas.append(defs, root);
    const drawn = [];
    let lane = tallest * DY;
    for (const edge of lines) {
      const [[x1, y1], [x2, y2]] = [place.get(edge.source), place.get(edge.target)];
      const forth = x2 > x1;
      // What leads back goes around, below everything.
      const low = forth ? 0 : (lane += 14);
      const path = forth
        ? `M${x1 + W} ${y1 + H / 2} C${x1 + W + 40} ${y1 + H / 2} ${x2 - 40} ${y2 + H / 2} ${x2 - 2} ${y2 + H / 2}`
        : `M${x1 + W} ${y1 + H / 2} h8 q12 0 12 12 V${low - 12} q0 12 -12 12 H${x2 - 12} q-12 0 -12 -12 V${y2 + H / 2 + 12} q0 -12 12 -12 h10`;
      const kind = edge.loop ? "loop" : edge.observed === null ? "configured" : "observed";
      const line = make("path", { d: path, class: `edge ${kind}`, "marker-end": `url(#arrow-${edge.loop ? "loop" : "plain"})` });
      root.append(line);
      const parts = [line];
      if (edge.observed !== null) {
        const [tx, ty] = forth ? [(x1 + W + x2) / 2, (y1 + y2 + H) / 2 - 5] : [(x1 + x2 + W) / 2, low - 4];
        const count = make("text", { x: tx, y: ty, class: "count", "text-anchor": "middle" }, `${edge.observed}×`);
        root.append(count);
        parts.push(count);
      }
      drawn.push({ edge, parts });
    }
    const boxes = new Map();
    const marks = { error: "✖", warning: "▲", note: "●" };
    for (const node of nodes) {
      const [x, y] = place.get(node.id);
      const words = [node.kind, node.label, node.status === "same" ? "" : node.status, node.level ?? "", node.note];
      const box = make("g", { class: `node ${node.kind} ${node.status}`, transform: `translate(${x} ${y})`, tabindex: 0, role: "button", "aria-label": words.filter(Boolean).join(", ") });
      box.append(make("title", {}, words.filter(Boolean).join("\n")), make("rect", { width: W, height: H, rx: 8 }));
      box.append(make("text", { x: 12, y: 19 }, cut(node.label, node.level ? 24 : 26)));
      box.append(make("text", { x: 12, y: 35, class: "sub" }, cut([node.kind === "other" ? "" : node.kind, node.note].filter(Boolean).join(" · "), 32)));
      if (node.level) box.append(make("text", { x: W - 20, y: 20, class: node.level }, marks[node.level]));
      box.addEventListener("click", () => pick(node.id));
      box.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          event.stopPropagation();
          pick(node.id);
        }
      });
      box.addEventListener("focus", () => { if (box.matches(":focus-visible")) reveal(x, y); });
      root.append(box);
      boxes.set(node.id, box);
    }
    // What the words of the search, or a click, do not mean is dimmed.
    let picked = null;
    let words = [];
    function dim() {
      const near = new Set();
      if (picked !== null) {
        near.add(picked);
        for (const edge of lines) {
          if (edge.source === picked) near.add(edge.target);
          if (edge.target === picked) near.add(edge.source);
        }
      }
      const shows = (node) => (picked === null
        ? words.every((word) => `${node.label} ${node.kind} ${node.note}`.toLowerCase().includes(word))
        : near.has(node.id));
      const lit = new Set(nodes.filter(shows).map((node) => node.id));
      for (const [id, box] of boxes) {
        box.classList.toggle("dim", !lit.has(id));
        box.classList.toggle("picked", id === picked);
      }
      for (const { edge, parts } of drawn) {
        const on = picked === null ? lit.has(edge.source) && lit.has(edge.target) : edge.source === picked || edge.target === picked;
        for (const part of parts) part.classList.toggle("dim", !on);
      }
    }
    function pick(id) {
      picked = picked === id ? null : id;
      const said = byId("graph-picked");
      if (picked === null) said.textContent = "";
      else {
        const label = (other) => known.get(other).label;
        const causes = lines.filter((edge) => edge.target === picked).map((edge) => label(edge.source));
        const effects = lines.filter((edge) => edge.source === picked).map((edge) => label(edge.target));
        said.textContent = `${label(picked)}: ${causes.length ? `from ${causes.join(", ")}` : "from nothing shown"}; ${effects.length ? `to ${effects.join(", ")}` : "to nothing shown"}`;
      }
      dim();
    }
    document.addEventListener("narrowed", (event) => {
      words = event.detail;
      dim();
    });
    // Pan and zoom: by mouse, by fingers, by keys, by buttons.
    const total = [columns.length * DX - (DX - W) + 60, lane + 30];
    let view = { x: 0, y: 0, scale: 1 };
    const show = () => root.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.scale})`);
    const size = () => [canvas.clientWidth, canvas.clientHeight];
    // All of it where it can be read then, else its beginning.
    const LEGIBLE = 0.5;
    function fit(least = 0.05) {
      const width = size()[0];
      const tall = Math.max(160, Math.min(460, total[1] * Math.min(1, Math.max(least, (width - 20) / total[0])) + 30));
      canvas.style.height = `${tall}px`;
      const scale = Math.min(1.2, Math.max(least, Math.min((width - 20) / total[0], (tall - 20) / total[1])));
      view = { scale, x: Math.max(10, (width - total[0] * scale) / 2) + 30 * scale, y: Math.max(12, (tall - total[1] * scale) / 2) };
      show();
    }
    function zoom(factor, x = size()[0] / 2, y = size()[1] / 2) {
      const scale = Math.min(4, Math.max(0.05, view.scale * factor));
      view = { scale, x: x - ((x - view.x) * scale) / view.scale, y: y - ((y - view.y) * scale) / view.scale };
      show();
    }
    function reveal(x, y) {
      const [width, height] = size();
      const [left, top] = [x * view.scale + view.x, y * view.scale + view.y];
      if (left < 0 || top < 0 || left + W * view.scale > width || top + H * view.scale > height) {
        view.x = width / 2 - (x + W / 2) * view.scale;
        view.y = height / 2 - (y + H / 2) * view.scale;
        show();
      }
    }
    const fingers = new Map();
    let moved = 0;
    canvas.addEventListener("pointerdown", (event) => {
      fingers.set(event.pointerId, [event.offsetX, event.offsetY]);
      moved = 0;
    });
    canvas.addEventListener("pointermove", (event) => {
      const was = fingers.get(event.pointerId);
      if (!was) return;
      const is = [event.offsetX, event.offsetY];
      moved += Math.abs(is[0] - was[0]) + Math.abs(is[1] - was[1]);
      if (moved > 4 && !canvas.hasPointerCapture(event.pointerId)) canvas.setPointerCapture(event.pointerId);
      if (fingers.size === 1) {
        view.x += is[0] - was[0];
        view.y += is[1] - was[1];
        canvas.classList.add("held");
        show();
      } else if (fingers.size === 2) {
        const [other] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
        const far = (a) => Math.hypot(a[0] - other[0], a[1] - other[1]) || 1;
        zoom(far(is) / far(was), (is[0] + other[0]) / 2, (is[1] + other[1]) / 2);
      }
      fingers.set(event.pointerId, is);
    });
    const lift = (event) => {
      fingers.delete(event.pointerId);
      canvas.classList.remove("held");
    };
    canvas.addEventListener("pointerup", lift);
    canvas.addEventListener("pointercancel", lift);
    canvas.addEventListener("wheel", (event) => {
      // The page goes on scrolling; with Ctrl, as a pinch sends it, the graph is zoomed.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoom(Math.exp(-event.deltaY / 300), event.offsetX, event.offsetY);
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => {
      const moves = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
      if (event.key in moves) {
        view.x += moves[event.key][0];
        view.y += moves[event.key][1];
        show();
      } else if (event.key === "+" || event.key === "=") zoom(1.25);
      else if (event.key === "-") zoom(0.8);
      else if (event.key === "0") fit();
      else return;
      event.preventDefault();
    });
    byId("zoom-in").addEventListener("click", () => zoom(1.25));
    byId("zoom-out").addEventListener("click", () => zoom(0.8));
    byId("zoom-fit").addEventListener("click", () => fit());
    fit(LEGIBLE);
  }
})();
