// The sliders of the exposure: every figure is looked up in the grid that stands in the page.
(() => {
  const grid = JSON.parse(document.getElementById("grid").textContent);
  const box = document.getElementById("panels");
  if (!box) return;
  const [wide, high, most] = ["wide", "high", "most"].map((k) => Number(box.dataset[k]));
  const sliders = ["scope", "cut"].map((k) => document.getElementById("s-" + k));
  const place = (s, v) => (wide * s).toFixed(1) + "," + (high * (1 - Math.min(v, most) / most)).toFixed(1);

  const draw = () => {
    const [scope, cut] = sliders.map((s) => Number(s.value));
    const words = [`${+(100 * grid.scopes[scope]).toPrecision(3)}%`, grid.cuts[cut]];
    sliders.forEach((s, i) => {
      document.getElementById("o-" + ["scope", "cut"][i]).textContent = words[i];
      s.setAttribute("aria-valuetext", words[i]);
    });
    box.querySelectorAll("li").forEach((panel, i) => {
      const line = grid.times[i][cut];
      const up = grid.scopes.map((s, k) => place(s, line[k][1]));
      const down = grid.scopes.map((s, k) => place(s, line[k][0])).reverse();
      panel.querySelector("path").setAttribute("d", "M" + [...up, ...down].join("L") + "Z");
      const here = panel.querySelector(".here");
      ["x1", "x2"].forEach((k) => here.setAttribute(k, wide * grid.scopes[scope]));
      panel.querySelector(".low").textContent = line[scope][0].toFixed(2);
      panel.querySelector(".high").textContent = line[scope][1].toFixed(2);
      const whole = line[grid.scopes.length - 1][1];
      panel.querySelector(".touched").textContent = whole >= 1 ? Math.round(100 / whole) + "%" : "no scope";
    });
  };
  for (const s of sliders) s.addEventListener("input", draw);
  document.getElementById("sliders").hidden = false;
  draw();
})();
