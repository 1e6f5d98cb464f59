// SPDX-License-Identifier: Apache-2.0
// Sortable tables, and charts that answer the pointer. Without this file every page still reads.
"use strict";
(function () {
  // -- tables: a button in each header, the order told by aria-sort
  function keyOf(cell) {
    var raw = cell.dataset.sort !== undefined ? cell.dataset.sort : cell.textContent.trim();
    var plain = raw.replace(/,/g, "").replace(/\u2212/g, "-");
    return plain !== "" && isFinite(plain) ? { n: Number(plain), t: raw } : { n: null, t: raw };
  }
  function compare(a, b) {
    if (a.n !== null && b.n !== null) return a.n - b.n;
    if (a.t === "" || b.t === "") return a.t === b.t ? 0 : a.t === "" ? 1 : -1;
    return a.t.localeCompare(b.t, "en", { numeric: true });
  }
  document.querySelectorAll("table.sortable").forEach(function (table) {
    var body = table.tBodies[0];
    table.querySelectorAll("thead th").forEach(function (th, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = th.textContent;
      th.textContent = "";
      th.appendChild(button);
      button.addEventListener("click", function () {
        var down = th.getAttribute("aria-sort") === "ascending";
        table.querySelectorAll("th[aria-sort]").forEach(function (o) { o.removeAttribute("aria-sort"); });
        th.setAttribute("aria-sort", down ? "descending" : "ascending");
        var rows = Array.from(body.rows).map(function (row) { return [keyOf(row.cells[column]), row]; });
        rows.sort(function (a, b) { return down ? compare(b[0], a[0]) : compare(a[0], b[0]); });
        rows.forEach(function (pair) { body.appendChild(pair[1]); });
      });
    });
  });

  // -- charts: the drawn SVG stands until the pointer comes; then Vega draws the same chart, alive
  var loading = null;
  function vega() {
    if (!loading) {
      loading = new Promise(function (done, failed) {
        var script = document.createElement("script");
        script.src = document.body.dataset.root + "assets/vega.js";
        script.onload = done;
        script.onerror = failed;
        document.head.appendChild(script);
      });
    }
    return loading;
  }
  document.querySelectorAll("figure.chart").forEach(function (figure) {
    var source = figure.querySelector("script.vega");
    if (!source) return;
    var alive = {};
    function wake(event) {
      var plot = event.currentTarget;
      var size = plot.classList.contains("narrow") ? "narrow" : "wide";
      if (alive[size]) return;
      alive[size] = true;
      vega().then(function () {
        var held = JSON.parse(source.textContent);
        var spec = held[size];
        spec.data = { values: held.rows };
        var drawn = plot.querySelector("svg");
        var place = document.createElement("div");
        place.setAttribute("role", "img");
        place.setAttribute("aria-label", drawn.getAttribute("aria-label"));
        return window.vegaEmbed(place, spec, { actions: false, renderer: "svg", ast: true, hover: false, tooltip: { theme: "custom" } })
          .then(function () {
            var live = place.querySelector("svg");
            live.style.maxWidth = live.getAttribute("width") + "px";
            live.setAttribute("width", "100%");
            live.removeAttribute("height");
            live.setAttribute("aria-hidden", "true");
            drawn.replaceWith(place);
            figure.dataset.alive = "true";
          });
      }).catch(function () { alive[size] = false; });
    }
    figure.querySelectorAll(".plot").forEach(function (plot) {
      plot.addEventListener("pointerenter", wake);
    });
  });
})();
