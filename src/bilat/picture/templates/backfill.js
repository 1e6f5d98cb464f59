"use strict";
const G = JSON.parse(document.getElementById("grid").textContent);
const $ = id => document.getElementById(id);
const pct = x => (x > 0 && x < .005 ? "<1" : Math.round(100 * x)) + "%";
const A = {{ asked }};
const names = {w: w => w === "" ? "eleven scenarios, weighted" : w === "0" ? "nothing" : isNaN(w) ? "your scenarios, " + w : pct(+w) + " of all, at once",
  p: p => p === 0 ? "no more than small ones" : p === 1 ? "in proportion to their cost" : p === .5 ? "half-way between" : "their cost to the power " + p};
const at = (values, v) => Math.max(0, values.indexOf(v));
const add = (el, values, say) => values.forEach((v, i) => { const o = document.createElement("option"); o.value = i; o.textContent = say(v); el.append(o); });
add($("withdrawal"), G.withdrawals, names.w); add($("definition"), G.definitions, d => ({{ definitions }})[d] || d); add($("power"), G.powers, names.p);
$("budget").max = G.budgets.length - 1; $("budget").value = A.budget === null ? G.budgets.length - 1 : at(G.budgets, A.budget); $("definition").value = at(G.definitions, A.definition); $("power").value = at(G.powers, A.power);
const cell = (w, d, p, b) => G.cells[((w * G.definitions.length + d) * G.powers.length + p) * G.budgets.length + b];
function draw() {
  const [w, d, p, b] = ["withdrawal", "definition", "power", "budget"].map(k => +$(k).value), c = cell(w, d, p, b);
  $("money").textContent = "$" + c.budget + "bn a year";
  $("answer").textContent = c.nothing ? `$${c.budget}bn a year closes ${pct((c.nothing - c.left) / c.nothing)} of the gap; ${pct(c.floor / c.nothing)} stays whatever is spent. $${Math.round(c.spent)}bn in all over ${A.years} years.` : "Nothing is missing.";
  const X = i => 45 + 330 * G.budgets[i] / G.budgets[G.budgets.length - 1], Y = v => 210 - 180 * v;
  const line = G.budgets.map((_, i) => { const k = cell(w, d, p, i); return X(i) + "," + Y(k.nothing ? k.left / k.nothing : 0); }).join(" ");
  const f = Y(c.nothing ? c.floor / c.nothing : 0), y = Y(c.nothing ? c.left / c.nothing : 0);
  $("front").innerHTML = `<svg viewBox="0 0 400 250" role="img" aria-label="Share of the gap left against budget; ${$("answer").textContent}"><line class="base" x1="45" x2="375" y1="210" y2="210"/><line x1="45" x2="375" y1="${f}" y2="${f}" class="floor"/><text x="375" y="${f + 14}" text-anchor="end">no money removes this</text><polyline points="${line}" class="left"/><circle cx="${X(b)}" cy="${y}" r="5"/><text x="40" y="${Y(1) + 4}" text-anchor="end">100%</text><text x="40" y="214" text-anchor="end">0%</text>${G.budgets.map((v, i) => [0, 10, 20, 30, 40].includes(v) ? `<text x="${X(i)}" y="228" text-anchor="middle">${v}</text>` : "").join("")}<text x="210" y="246" text-anchor="middle">billion dollars a year: share of the gap left</text></svg>`;
  const rows = c.early.map((n, i) => [n, G.labels[i]]).filter(r => r[0]).map(r => `<tr><td>${r[1]}</td><td class="n">${r[0]}</td></tr>`).join("");
  $("early").innerHTML = `<table><thead><tr><th scope="col">one plan: first three years</th><th scope="col" class="n">orders</th></tr></thead><tbody>${rows || "<tr><td>nothing</td><td></td></tr>"}</tbody></table>`;
}
$("ask").hidden = false; $("ask").addEventListener("input", draw); draw();
