// The sliders of the blockade: every figure is looked up in the grid that stands in the page.
(() => {
  const grid = JSON.parse(document.getElementById("grid").textContent);
  const axes = grid.order.slice(1);
  const sliders = Object.fromEntries(axes.map((a) => [a, document.getElementById("s-" + a)]));
  const saved = axes.indexOf("rationing");
  const [wide, high, most] = ["wide", "high", "most"].map((k) => Number(document.getElementById("panels").dataset[k]));
  const place = (closure, stops) =>
    axes.reduce((at, a, i) => at * grid.axes[a].stops.length + stops[i], closure);
  const two = (v) => v.toFixed(2);

  const draw = () => {
    const stops = axes.map((a) => Number(sliders[a].value));
    for (const a of axes) {
      const words = JSON.parse(sliders[a].dataset.words)[sliders[a].value];
      document.getElementById("o-" + a).textContent = words;
      sliders[a].setAttribute("aria-valuetext", words);
    }
    const count = grid.axes.rationing.stops.length;
    grid.closures.forEach((closure, i) => {
      const panel = document.querySelector(`[data-closure="${closure}"]`);
      const line = [...Array(count).keys()].map((k) => {
        const there = stops.map((s, j) => (j === saved ? k : s));
        return [(wide * k) / (count - 1), high * (1 - grid.short[place(i, there)] / most)];
      });
      panel.querySelector("path").setAttribute("d", "M" + line.map((p) => p.map((v) => v.toFixed(1)).join(",")).join("L"));
      const [x, y] = line[stops[saved]];
      panel.querySelector("circle").setAttribute("cx", x);
      panel.querySelector("circle").setAttribute("cy", y);
      const at = place(i, stops);
      panel.querySelector(".imports").textContent = two(grid.imports[at]);
      panel.querySelector(".short").textContent = two(grid.short[at]);
      const days = grid.days[at];
      panel.querySelector(".days").textContent =
        days === null ? "no end" : days > 3653 ? "beyond ten years"
          : Math.round(days).toLocaleString("en") + " days";
    });
  };
  for (const a of axes) sliders[a].addEventListener("input", draw);
  document.getElementById("sliders").hidden = false;
  draw();
})();
