(function () {
  var data = JSON.parse(document.getElementById("data").textContent), axes = data.axes;
  var W = {{ width }}, H = {{ height }}, TOP = {{ top }};
  function at(id) { return document.getElementById(id); }
  function text(m) { return m === null ? ">" + axes.horizon[0] : String(Math.round(m)); }
  function place(n, v, last) { return (n / last * W).toFixed(1) + "," + (H - Math.min(v, TOP) / TOP * H).toFixed(1); }
  function draw() {
    var c = axes.ceasefire[+at("ceasefire").value], n = axes.new_production[+at("new").value], g = axes.goal[+at("goal").value];
    at("ceasefire-said").textContent = c; at("new-said").textContent = n; at("goal-said").textContent = Math.round(g * 100) + "%";
    document.querySelectorAll("figure[data-china]").forEach(function (f) {
      var k = f.dataset.china;
      var cell = data.cells.find(function (x) { return x.ceasefire === c && x.china === k && x.new_production === n && x.goal === g; });
      var curve = data.curves.find(function (x) { return x.ceasefire === c && x.china === k && x.new_production === n; });
      var last = curve.median.length - 1;
      f.querySelector(".months").textContent = text(cell.months[2]) + " months [" + text(cell.months[0]) + " to " + text(cell.months[4]) + "]";
      f.querySelector(".never").textContent = Math.round(cell.never * 100) + "%";
      var up = curve.high.map(function (v, i) { return place(i, v, last); });
      var down = curve.low.map(function (v, i) { return place(i, v, last); }).reverse();
      f.querySelector(".band").setAttribute("points", up.concat(down).join(" "));
      f.querySelector(".line").setAttribute("points", curve.median.map(function (v, i) { return place(i, v, last); }).join(" "));
      var y = (H - g / TOP * H).toFixed(1);
      f.querySelector(".goal").setAttribute("y1", y); f.querySelector(".goal").setAttribute("y2", y);
    });
  }
  at("asks").hidden = false;
  ["ceasefire", "new", "goal"].forEach(function (id) { at(id).addEventListener("input", draw); });
})();
