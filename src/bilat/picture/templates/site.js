// SPDX-License-Identifier: Apache-2.0
// Tables that sort and filter, charts that answer pointer and keys, a chart as PNG. Without it every page reads.
"use strict";
(function () {
  function lettered(drawing) {
    return drawing.indexOf("font-face") < 0 ? drawing.replace("%3E", "%3E" + letters) : drawing;
  }
  function made(tag, name, text) {
    var e = document.createElement(tag);
    if (name) e.className = name;
    if (text) e.textContent = text;
    return e;
  }
  function button(text, act) {
    var b = made("button", "", text);
    b.type = "button";
    b.addEventListener("click", act);
    return b;
  }

  // -- tables: a button in each header, the order shown by aria-sort; a field that keeps the rows holding a word
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
      var sort = button(th.textContent, function () {
        var down = th.getAttribute("aria-sort") === "ascending";
        table.querySelectorAll("th[aria-sort]").forEach(function (o) { o.removeAttribute("aria-sort"); });
        th.setAttribute("aria-sort", down ? "descending" : "ascending");
        var rows = Array.from(body.rows).map(function (row) { return [keyOf(row.cells[column]), row]; });
        rows.sort(function (a, b) { return down ? compare(b[0], a[0]) : compare(a[0], b[0]); });
        rows.forEach(function (pair) { body.appendChild(pair[1]); });
      });
      if (!th.textContent) return;
      th.textContent = "";
      th.appendChild(sort);
    });
  });
  document.querySelectorAll("table.filtered").forEach(function (table) {
    var rows = Array.from(table.tBodies[0].rows);
    if (rows.length < 8) return;
    var label = made("label", "filter", "Filter "), field = made("input"), count = made("output", "quiet");
    field.type = "search";
    label.append(field, count);
    field.addEventListener("input", function () {
      var asked = field.value.toLowerCase().split(/\s+/).filter(Boolean), kept = 0;
      rows.forEach(function (row) {
        var text = row.textContent.toLowerCase();
        row.hidden = !asked.every(function (w) { return text.indexOf(w) >= 0; });
        kept += row.hidden ? 0 : 1;
      });
      count.textContent = asked.length ? kept + " of " + rows.length + " rows shown" : "";
    });
    (table.closest(".scroll, .wide") || table).before(label);
  });

  // -- charts and the map: the mark nearest to the pointer says what it is; arrow keys walk through the marks
  var tip = made("div", "tip");
  tip.hidden = true;
  tip.setAttribute("role", "status");
  document.body.appendChild(tip);
  function hide() {
    tip.hidden = true;
    document.querySelectorAll("[data-lit]").forEach(function (m) { m.removeAttribute("data-lit"); });
  }
  function show(mark) {
    hide();
    var box = mark.getBoundingClientRect();
    mark.setAttribute("data-lit", "");
    tip.textContent = mark.dataset.t;
    tip.hidden = false;
    var left = Math.min(Math.max(8, box.x + box.width / 2 - tip.offsetWidth / 2), innerWidth - tip.offsetWidth - 8);
    tip.style.left = left + "px";
    tip.style.top = (box.y > tip.offsetHeight + 12 ? box.y - tip.offsetHeight - 8 : box.y + box.height + 8) + "px";
  }
  document.querySelectorAll(".plot, .world").forEach(function (plot) {
    var all = Array.from(plot.querySelectorAll("[data-t]")), at = -1;
    function marks() { return all.filter(function (m) { return m.getClientRects().length; }); }
    if (!all.length) return;
    plot.tabIndex = 0;
    plot.setAttribute("role", "group");
    plot.setAttribute("aria-label", "Chart with " + all.length + " marks; arrow keys read them");
    plot.addEventListener("pointermove", function (event) {
      var best = null, least = 40 * 40;
      marks().forEach(function (mark) {
        var b = mark.getBoundingClientRect();
        var x = Math.max(b.x - event.clientX, 0, event.clientX - b.right);
        var y = Math.max(b.y - event.clientY, 0, event.clientY - b.bottom);
        if (x * x + y * y < least) { least = x * x + y * y; best = mark; }
      });
      if (best) show(best); else hide();
    });
    plot.addEventListener("pointerleave", hide);
    plot.addEventListener("blur", hide);
    plot.addEventListener("keydown", function (event) {
      var step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key], seen = marks();
      if (event.key === "Escape") hide();
      if (!step || !seen.length) return;
      event.preventDefault();
      at = at < 0 && step < 0 ? seen.length - 1 : (at + step + seen.length) % seen.length;
      show(seen[at]);
    });
  });

  // -- a chart that is taken away has the letters within it; as PNG it is drawn from its SVG
  var letters = encodeURIComponent("<style>" + {{ faces | tojson }} + "</style>");
  document.querySelectorAll(".tools a.svg").forEach(function (link) {
    link.addEventListener("click", function () { link.href = lettered(link.href); });
    var png = button(link.textContent.replace("SVG", "PNG"), function () {
      var image = new Image();
      image.onload = function () {
        var canvas = made("canvas"), out = made("a");
        canvas.width = 2 * image.width;
        canvas.height = 2 * image.height;
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        out.href = canvas.toDataURL("image/png");
        out.download = link.download.replace(".svg", ".png");
        out.click();
      };
      image.src = lettered(link.href);
    });
    link.before(png, " ");
  });

  // -- the map up to a year, which a reader moves
  document.querySelectorAll(".world[data-from]").forEach(function (map) {
    var label = made("label", "years", "Up to "), field = made("input"), year = made("output");
    field.type = "range";
    field.min = map.dataset.from;
    field.max = map.dataset.to;
    field.value = map.dataset.to;
    function shown() {
      year.textContent = field.value;
      map.querySelectorAll("[data-year]").forEach(function (mark) {
        mark.classList.toggle("later", Number(mark.dataset.year) > Number(field.value));
      });
    }
    field.addEventListener("input", shown);
    shown();
    label.append(field, year);
    map.querySelector(".wide").before(label);
  });

  // -- the line that embeds a chart has the whole address of this page's site
  document.querySelectorAll("code.embed").forEach(function (code) {
    code.textContent = code.textContent.replace(/src="([^"]*)"/, function (_, address) {
      return 'src="' + new URL(address, location.href).href + '"';
    });
  });

  // -- a phone shows findings first: charts open on demand
  if (matchMedia("(max-width: 44rem)").matches) {
    document.querySelectorAll("details.drawn[open]").forEach(function (d) { d.open = false; });
  }
})();
