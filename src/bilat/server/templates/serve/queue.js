// Keys of the queue: j and k to the next one and the one before, t, f and u for the verdict on all that is shown, h and r to hold or release;
// none while one writes but Ctrl and Enter, which decides.
addEventListener("keydown", (e) => {
  if (e.ctrlKey && e.key === "Enter" && e.target.form) return e.target.form.requestSubmit();
  if (e.ctrlKey || e.metaKey || e.altKey || /^(TEXTAREA|SELECT)$/.test(e.target.tagName) || e.target.matches("input:not([type=radio])")) return;
  const link = { j: "next", k: "prev" }[e.key];
  const there = document.querySelectorAll(link ? `a[rel=${link}]` : `input[data-key="${e.key}"]`);
  if (!there.length) return;
  e.preventDefault();
  there.forEach((one) => one.click());
  if ("tfu".includes(e.key)) document.querySelector("textarea[name=reason]").focus();
});
