/**
 * The only script of a report: filters, opens what a link points at, and opens everything for print. Plain JavaScript, as the browser gets it; allowed by its
 * hash alone. Without it the page shows everything.
 */
export const SCREEN_SCRIPT = `"use strict";
(() => {
  const form = document.querySelector("form.filter");
  const items = [...document.querySelectorAll("[data-item]")];
  const count = document.querySelector(".count");
  const empty = document.querySelector(".no-match");
  let texts;
  const matches = (item, index, words, values) =>
    values.every(([name, value]) => value === "" || item.dataset[name] === value) &&
    words.every((word) => texts[index].includes(word));
  const apply = () => {
    texts ??= items.map((item) => item.textContent.toLowerCase().replace(/\\s+/g, " "));
    const data = new FormData(form);
    const words = String(data.get("q")).toLowerCase().split(/\\s+/).filter(Boolean);
    const values = ["status", "severity", "area"].map((name) => [name, String(data.get(name))]);
    let [shown, all] = [0, 0];
    items.forEach((item, index) => {
      const show = matches(item, index, words, values);
      if (item.hidden === show) item.hidden = !show;
      if (item.dataset.item !== "duty") return;
      all += 1;
      if (show) shown += 1;
    });
    count.textContent = count.dataset.text.replace("%1", shown).replace("%2", all);
    empty.hidden = shown > 0;
  };
  let asked = 0;
  const soon = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(apply);
  };
  if (form) {
    form.hidden = false;
    form.addEventListener("input", soon);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", soon);
    apply();
  }
  const openTarget = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let node = target; node; node = node.parentElement) if (node.tagName === "DETAILS") node.open = true;
    if (target) target.scrollIntoView();
  };
  addEventListener("hashchange", openTarget);
  openTarget();
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of closed) one.open = false;
  });
})();
`;
