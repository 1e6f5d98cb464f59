// SPDX-License-Identifier: Apache-2.0
// Tables that sort and filter, charts that answer pointer and keys, files of a figure. Without it every page reads.
"use strict";
(function () {
  function made(tag, name, text) {
    var e = document.createElement(tag);
    if (name) e.className = name;
    if (text) e.textContent = text;
    return e;
  }

  // -- tables: a button in each header, the order told by aria-sort; a field that keeps the rows holding a word
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
      var button = made("button", "", th.textContent);
      button.type = "button";
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
  document.querySelectorAll("table.filtered").forEach(function (table) {
    var rows = Array.from(table.tBodies[0].rows);
    if (rows.length < 8) return;
    var label = made("label", "filter", "Filter ");
    var field = made("input");
    var count = made("output", "quiet");
    field.type = "search";
    label.appendChild(field);
    label.appendChild(count);
    field.addEventListener("input", function () {
      var asked = field.value.toLowerCase().split(/\s+/).filter(Boolean), kept = 0;
      rows.forEach(function (row) {
        var text = row.textContent.toLowerCase();
        row.hidden = !asked.every(function (w) { return text.indexOf(w) >= 0; });
        kept += row.hidden ? 0 : 1;
      });
      count.textContent = asked.length ? kept + " of " + rows.length + " rows shown" : "";
    });
    table.closest(".scroll").before(label);
  });

  // -- copy buttons: the text of another element to the clipboard; a page from disk may have none, then it is selected
  document.querySelectorAll("button.copy").forEach(function (button) {
    var source = document.getElementById(button.dataset.copy);
    var told = document.getElementById("copied");
    if (!source) return;
    button.hidden = false;
    function selected() {
      var range = document.createRange();
      range.selectNodeContents(source);
      var selection = window.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      var done = false;
      try { done = document.execCommand("copy"); } catch (refused) { done = false; }
      if (told) told.textContent = done ? "Copied." : "Selected: copy it with the keyboard.";
    }
    button.addEventListener("click", function () {
      var text = source.textContent.trim();
      if (navigator.clipboard && navigator.clipboard.writeText) {
        navigator.clipboard.writeText(text).then(function () { if (told) told.textContent = "Copied."; }, selected);
      } else {
        selected();
      }
    });
  });

  // -- charts: the mark nearest to the pointer says what it is; arrow keys walk through the marks
  var tip = made("div", "tip");
  tip.hidden = true;
  tip.setAttribute("role", "status");
  document.body.appendChild(tip);
  function show(mark, text) {
    var box = mark.getBoundingClientRect();
    document.querySelectorAll("[data-lit]").forEach(function (m) { m.removeAttribute("data-lit"); });
    mark.setAttribute("data-lit", "");
    tip.textContent = text;
    tip.hidden = false;
    var left = Math.min(Math.max(8, box.x + box.width / 2 - tip.offsetWidth / 2), innerWidth - tip.offsetWidth - 8);
    tip.style.left = left + "px";
    tip.style.top = (box.y > tip.offsetHeight + 12 ? box.y - tip.offsetHeight - 8 : box.y + box.height + 8) + "px";
  }
  function hide() {
    tip.hidden = true;
    document.querySelectorAll("[data-lit]").forEach(function (m) { m.removeAttribute("data-lit"); });
  }
  document.querySelectorAll("figure.chart .plot").forEach(function (plot) {
    var marks = Array.from(plot.querySelectorAll("[data-t]"));
    if (!marks.length) return;
    var at = -1;
    plot.tabIndex = 0;
    plot.setAttribute("role", "group");
    plot.setAttribute("aria-label", "Chart with " + marks.length + " marks; arrow keys read them");
    plot.addEventListener("pointermove", function (event) {
      var best = null, least = 40 * 40;
      marks.forEach(function (mark) {
        var b = mark.getBoundingClientRect();
        var x = Math.max(b.x - event.clientX, 0, event.clientX - b.right);
        var y = Math.max(b.y - event.clientY, 0, event.clientY - b.bottom);
        if (x * x + y * y < least) { least = x * x + y * y; best = mark; }
      });
      if (best) show(best, best.dataset.t); else hide();
    });
    plot.addEventListener("pointerleave", hide);
    plot.addEventListener("blur", hide);
    plot.addEventListener("keydown", function (event) {
      var step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") hide();
      if (!step) return;
      event.preventDefault();
      at = (at + step + marks.length) % marks.length;
      show(marks[at], marks[at].dataset.t);
    });
  });

  // -- a figure's files: drawn anew from the page in the colours that are seen
  function told(figure) {
    return ["h2, h3, h4", ".sub", ".foot"].map(function (s) {
      var e = figure.querySelector(s);
      return e ? e.textContent.replace(/\s+/g, " ").trim() : "";
    });
  }
  function alone(figure) {
    var seen = Array.from(figure.querySelectorAll(".plot svg")).filter(function (s) { return s.getClientRects().length; })[0];
    var copy = seen.cloneNode(true), from = seen.querySelectorAll("*"), to = copy.querySelectorAll("*");
    var styles = ["fill", "stroke", "stop-color"];
    to.forEach(function (e, i) {
      var got = getComputedStyle(from[i]);
      styles.forEach(function (k) { if (e.hasAttribute(k) && e.getAttribute(k).indexOf("var(") === 0) e.setAttribute(k, got.getPropertyValue(k)); });
      e.removeAttribute("data-t");
    });
    var box = seen.viewBox.baseVal, words = told(figure), size = 13, lines = [];
    words.forEach(function (text, n) {
      var most = Math.floor(box.width / (n ? 6.2 : 7.6)), line = "";
      text.split(" ").forEach(function (w) {
        if ((line + " " + w).length > most && line) { lines.push([n, line]); line = w; } else line = line ? line + " " + w : w;
      });
      if (line) lines.push([n, line]);
    });
    var head = lines.filter(function (l) { return l[0] < 2; }).length, foot = lines.length - head;
    var top = head * 18 + 14, height = top + box.height + foot * 18 + 14, space = "http://www.w3.org/2000/svg";
    var out = document.createElementNS(space, "svg"), paper = document.createElementNS(space, "rect");
    var style = getComputedStyle(document.body);
    out.setAttribute("xmlns", space);
    out.setAttribute("viewBox", "0 0 " + (box.width + 24) + " " + height);
    out.setAttribute("width", box.width + 24);
    out.setAttribute("height", height);
    out.setAttribute("font-family", "system-ui, sans-serif");
    paper.setAttribute("width", "100%");
    paper.setAttribute("height", "100%");
    paper.setAttribute("fill", style.backgroundColor);
    out.appendChild(paper);
    lines.forEach(function (l, i) {
      var text = document.createElementNS(space, "text");
      text.setAttribute("x", 12);
      text.setAttribute("y", i < head ? 22 + i * 18 : top + box.height + 16 + (i - head) * 18);
      text.setAttribute("font-size", l[0] ? size - 1 : size + 2);
      if (!l[0]) text.setAttribute("font-weight", 600);
      text.setAttribute("fill", style.color);
      text.textContent = l[1];
      out.appendChild(text);
    });
    copy.setAttribute("x", 12);
    copy.setAttribute("y", top);
    copy.setAttribute("width", box.width);
    copy.setAttribute("height", box.height);
    copy.removeAttribute("style");
    out.appendChild(copy);
    return out;
  }
  function save(blob, name) {
    var link = made("a"), url = URL.createObjectURL(blob);
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(url); }, 4000);
  }
  function svgText(figure) { return new XMLSerializer().serializeToString(alone(figure)); }
  document.querySelectorAll("figure.chart").forEach(function (figure) {
    var tools = figure.querySelector(".tools"), name = figure.id.replace(/^f-/, "");
    if (!tools) return;
    function button(text, act) {
      var b = made("button", "", text);
      b.type = "button";
      b.addEventListener("click", function () { act(b); });
      tools.append(" ", b);
    }
    button("SVG", function () { save(new Blob([svgText(figure)], { type: "image/svg+xml" }), name + ".svg"); });
    button("PNG", function () {
      var image = new Image();
      image.onload = function () {
        var canvas = made("canvas");
        canvas.width = 2 * image.width;
        canvas.height = 2 * image.height;
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(function (blob) { save(blob, name + ".png"); });
      };
      image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svgText(figure));
    });
    button("Citation", function (b) {
      var cite = document.getElementById("cite"), words = told(figure);
      var text = "“" + words[0] + "”. " + words[2] + (cite ? " " + cite.textContent.trim().replace(/^Cite as: /, "") : "");
      var area = figure.querySelector("textarea") || tools.appendChild(made("textarea"));
      area.setAttribute("aria-label", "Citation of this figure");
      area.readOnly = true;
      area.value = text;
      area.select();
      try { document.execCommand("copy"); b.textContent = "Citation copied"; } catch (e) { b.textContent = "Citation"; }
    });
  });
})();
