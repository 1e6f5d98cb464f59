// Sliders over answers worked out beforehand: every figure is looked up in the grid that stands in the page.
(() => {
  const WIDE = 180, HIGH = 84, SVG = "http://www.w3.org/2000/svg";
  const forms = {
    "%": (v) => (100 * v).toFixed(Math.abs(v) < 0.995 ? 1 : 0) + "%",
    usd: (v) => Math.abs(v) >= 1e8 ? (v / 1e9).toFixed(1) + " bn" : Math.round(v / 1e6) + " m",
    "": (v) => String(+v.toPrecision(3)),
  };
  const text = (v, form) => {
    if (v === null) return "–";
    const digits = /^,?\.(\d)f$/.exec(form);
    if (digits) return v.toLocaleString("en", { minimumFractionDigits: +digits[1], maximumFractionDigits: +digits[1] });
    return (forms[form] || forms[""])(v);
  };
  const line = (svg, kind, x1, y1, x2, y2) => {
    const made = svg.appendChild(document.createElementNS(SVG, "line"));
    Object.entries({ class: kind, x1, y1, x2, y2 }).forEach(([k, v]) => made.setAttribute(k, v));
  };

  for (const box of document.querySelectorAll(".explorer")) {
    const grid = JSON.parse(box.querySelector(".grid-data").textContent);
    const sliders = [...box.querySelectorAll("input[type=range]")];
    const outputs = [...box.querySelectorAll("output")];
    const place = (stops) => stops.reduce((at, stop, i) => at * grid.axes[i].length + stop, 0);
    const all = grid.cells.flat(2).filter((v) => v !== null);
    const most = grid.most ?? Math.max(...all, 0);
    const least = Math.min(...all, 0);
    const y = (v) => HIGH * (1 - (Math.min(v, most) - least) / (most - least || 1));

    const draw = () => {
      const stops = sliders.map((s) => Number(s.value));
      sliders.forEach((s, i) => {
        outputs[i].textContent = grid.axes[i][stops[i]];
        s.setAttribute("aria-valuetext", grid.axes[i][stops[i]]);
      });
      const span = grid.axes[grid.along].length - 1 || 1;
      box.querySelectorAll(".panels > li").forEach((panel, i) => {
        const cells = grid.cells[i];
        panel.querySelectorAll("dd").forEach((d, k) => (d.textContent = text(cells[place(stops)][k], grid.forms[k])));
        const svg = panel.querySelector("svg");
        svg.replaceChildren();
        line(svg, "axis", 0, y(Math.max(least, 0)), WIDE, y(Math.max(least, 0)));
        if (grid.line !== null) line(svg, "even", 0, y(grid.line), WIDE, y(grid.line));
        grid.forms.forEach((_, k) => {
          const points = grid.axes[grid.along].flatMap((_, stop) => {
            const v = cells[place(stops.map((s, a) => (a === grid.along ? stop : s)))][k];
            return v === null ? [] : [(WIDE * stop / span).toFixed(1) + "," + y(v).toFixed(1)];
          });
          const made = svg.appendChild(document.createElementNS(SVG, "polyline"));
          made.setAttribute("points", points.join(" "));
        });
        const here = WIDE * stops[grid.along] / span;
        line(svg, "here", here, 0, here, HIGH);
      });
    };
    sliders.forEach((s) => s.addEventListener("input", draw));
    box.querySelector("form").hidden = false;
    draw();
  }
})();