/*
 * Scanners are keyboards: they type a code within a moment and press Enter.
 *
 * Where the scan field has the focus, that is an ordinary form. Elsewhere on a page of returns a burst of keys
 * ended by Enter is taken for a scan, so that a number field keeps what stood in it and no form is sent by
 * mistake; the page of the scanned return opens. In a field marked data-scan-into the code stays and Enter only
 * goes on to the next field. Nothing here is needed to work without a scanner.
 */
(function () {
  "use strict";

  /* The usual text follows the language chosen, as long as nobody has changed it. */
  document.querySelectorAll("select[data-fills]").forEach((select) => {
    const filled = document.querySelector(select.dataset.fills);
    const usual = () => select.selectedOptions[0].dataset.text || "";
    let before = usual();
    select.addEventListener("change", () => {
      if (filled.value.trim() === before.trim()) filled.value = usual();
      before = usual();
    });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("[data-scan-into]")) return;
    event.preventDefault();
    const fields = Array.from(event.target.form.elements).filter((one) => one.type !== "hidden" && !one.disabled && one.tabIndex >= 0);
    const following = fields[fields.indexOf(event.target) + 1];
    if (following) following.focus();
  });

  /* How many pieces the rows of a list still leave over; red while it is not nought. */
  const left = document.querySelector("[data-left]");
  function count() {
    const rows = document.querySelector('[data-rows="' + left.dataset.left + '"]');
    const typed = Array.from(rows.querySelectorAll("[data-row-list] input[name$=-quantity]"), (one) => Number(one.value) || 0);
    const rest = Number(left.dataset.of) - typed.reduce((sum, one) => sum + one, 0);
    left.textContent = rest.toLocaleString("en-US");
    left.parentElement.classList.toggle("is-off", rest !== 0);
  }
  if (left) {
    ["input", "change", "click"].forEach((name) => document.addEventListener(name, () => window.setTimeout(count)));
    count();
  }

  const form = document.querySelector("form[data-scan]");
  if (!form) return;
  const field = form.querySelector("input[name=code]");
  const FASTEST = 50; // milliseconds between two keys of a scanner; people need more for a whole code
  const SHORTEST = 6;
  let typed = "";
  let before = "";
  let last = 0;

  const isNumber = (element) => element.matches("input[type=number]");
  const takesText = (element) => element.matches("input, textarea, select, [contenteditable]") && !isNumber(element);

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (takesText(target) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) { typed = ""; return; }
    const quick = event.timeStamp - last < FASTEST;
    if (event.key === "Enter") {
      if (quick && typed.length >= SHORTEST) {
        event.preventDefault();
        event.stopImmediatePropagation();
        if (isNumber(target)) target.value = before;
        field.value = typed;
        form.requestSubmit();
      }
      typed = "";
      return;
    }
    if (event.key.length !== 1) return; // Shift and the like come between the letters of a scan
    if (!quick || typed === "") { typed = ""; before = isNumber(target) ? target.value : ""; }
    typed += event.key;
    last = event.timeStamp;
    if (quick && !isNumber(target)) event.stopImmediatePropagation(); // no single-key shortcut in the middle of a code
  }, true);

  /* A page that asks for nothing else waits for the next scan; a telephone's keyboard is called up on the board alone. */
  const beside = form.classList.contains("scan-small") && window.matchMedia("(pointer: coarse)").matches;
  if (form.hasAttribute("data-scan-first") && !beside && !document.querySelector("[data-error-summary], dialog[open]")) {
    field.focus();
    field.select();
  }
})();
