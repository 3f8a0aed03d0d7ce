/*
 * The editors of a discipline: the tree of whys by keyboard, fishbone and root causes, IS / IS NOT, stock.
 *
 * As in eightd.js everything hangs on data attributes and is bound by delegation; rows are added and renamed
 * by eightd.js (rows:add, rows:renumber). Nothing here is needed to read a page or to send a form: without it
 * steps have a level to choose, rows their blanks. Every change made here dispatches a bubbling "input" event,
 * so that it is saved like typing. Words come from data-t-* attributes of the editor they belong to.
 */
(function () {
  "use strict";

  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const composing = (event) => event.isComposing || event.keyCode === 229;
  const listOf = (rows) => rows.querySelector(":scope > [data-row-list]");
  const stepsOf = (rows) => Array.from(listOf(rows).children).filter((child) => child.hasAttribute("data-row"));
  const filled = (text, values) => (text || "").replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
  const figures = new Intl.NumberFormat("en");

  function say(text) {
    const region = document.getElementById("live");
    if (region) { region.textContent = ""; window.setTimeout(() => { region.textContent = text; }, 50); }
  }

  function changed(element) {
    element.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function renumber(rows) {
    rows.dispatchEvent(new CustomEvent("rows:renumber", { bubbles: true }));
  }

  /* ------------------------------------------------- the tree of whys
   * [data-whys] holds steps in a list, each with its level in a select; a step answers the nearest one above
   * it that is less deep. The tree is drawn from the levels: data-level indents, [data-why-no] numbers.
   */

  const DEEPEST = 20;
  const levelField = (step) => step.querySelector('select[name$="-level"]');
  const textField = (step) => step.querySelector('[name$="-text"]');
  const evidenceField = (step) => step.querySelector('[name$="-evidence"]');
  const levelOf = (step) => Number(step.dataset.level) || 0;
  const isEmpty = (step) => !textField(step).value.trim() && !evidenceField(step).value.trim();

  /** Make the levels possible, indent and number every step. */
  function drawTree(rows) {
    const counts = [];
    let above = -1;
    stepsOf(rows).forEach((step) => {
      const field = levelField(step);
      const level = Math.max(0, Math.min(Number(field.value) || 0, above + 1, DEEPEST));
      counts.length = Math.min(counts.length, level + 1);
      counts[level] = (counts[level] || 0) + 1;
      above = level;
      if (field.value !== String(level)) field.value = String(level);
      const number = counts.join(".");
      if (step.dataset.level !== String(level)) step.dataset.level = String(level);
      const shown = step.querySelector("[data-why-no]");
      if (shown.textContent !== number) shown.textContent = number;
    });
  }

  const numberOf = (step) => step.querySelector("[data-why-no]").textContent;

  /** The step with everything that hangs on it. */
  function branchOf(step) {
    const found = [step];
    for (let next = step.nextElementSibling; next && levelOf(next) > levelOf(step); next = next.nextElementSibling) found.push(next);
    return found;
  }

  function setLevels(steps, by) {
    const levels = steps.map((step) => Math.max(0, Math.min(levelOf(step) + by, DEEPEST)));
    steps.forEach((step, at) => { step.dataset.level = String(levels[at]); levelField(step).value = String(levels[at]); });
  }

  function shift(step, by) {
    const rows = step.closest("[data-whys]");
    const before = step.previousElementSibling;
    const level = levelOf(step) + by;
    if (level < 0 || level > DEEPEST || (by > 0 && (!before || level > levelOf(before) + 1))) return false;
    const branch = branchOf(step);
    if (by > 0 && branch.some((one) => levelOf(one) + by > DEEPEST)) return false;
    setLevels(branch, by);
    drawTree(rows);
    changed(levelField(step));
    say(filled(rows.dataset.tLevel, { number: numberOf(step) }));
    return true;
  }

  function move(step, by) {
    const rows = step.closest("[data-whys]");
    const branch = branchOf(step);
    if (by < 0) {
      let other = step.previousElementSibling;
      while (other && levelOf(other) > levelOf(step)) other = other.previousElementSibling;
      if (!other || levelOf(other) < levelOf(step)) return false;
      other.before(...branch);
    } else {
      const other = branch[branch.length - 1].nextElementSibling;
      if (!other || levelOf(other) < levelOf(step)) return false;
      const others = branchOf(other);
      others[others.length - 1].after(...branch);
    }
    renumber(rows);
    drawTree(rows);
    changed(textField(step));
    say(rows.dataset.tMoved);
    return true;
  }

  function addStep(rows, after, level) {
    const asked = new CustomEvent("rows:add", { bubbles: true, detail: {} });
    rows.dispatchEvent(asked);
    const step = asked.detail.row;
    if (!step) return null;
    if (after) after.after(step);
    step.dataset.level = String(level);
    levelField(step).value = String(level);
    renumber(rows);
    drawTree(rows);
    step.setAttribute("data-fresh", "");
    textField(step).focus();
    changed(textField(step));
    say(filled(rows.dataset.tAdded, { number: numberOf(step) }));
    return step;
  }

  /** Enter: to the next why below, made where there is none. */
  function deeper(step) {
    const rows = step.closest("[data-whys]");
    const next = step.nextElementSibling;
    if (next && levelOf(next) > levelOf(step)) { textField(next).focus(); return; }
    addStep(rows, step, Math.min(levelOf(step) + 1, DEEPEST));
  }

  function beside(step) {
    const branch = branchOf(step);
    addStep(step.closest("[data-whys]"), branch[branch.length - 1], levelOf(step));
  }

  function remove(step) {
    const rows = step.closest("[data-whys]");
    const branch = branchOf(step);
    const next = branch[branch.length - 1].nextElementSibling;
    const near = step.previousElementSibling || next;
    const typed = branch.some((one) => !isEmpty(one));
    const levels = branch.map(levelOf);
    branch.forEach((one) => one.remove());
    if (near) textField(near).focus();
    else rows.querySelector("[data-why-add]").focus();
    renumber(rows);
    drawTree(rows);
    changed(rows);
    say(rows.dataset.tRemoved);
    if (!typed) return;
    document.dispatchEvent(new CustomEvent("undo:offer", { detail: { text: rows.dataset.tRemoved, undo: () => {
      if (next && next.isConnected) next.before(...branch);
      else listOf(rows).append(...branch);
      branch.forEach((one, at) => { levelField(one).value = String(levels[at]); });
      renumber(rows);
      drawTree(rows);
      changed(textField(step));
      textField(step).focus();
    } } }));
  }

  const atStart = (field) => field.selectionStart === 0 && field.selectionEnd === 0;

  /** What a key does in a step; true where it did something. */
  function stepKey(event, step) {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (event.key === "Enter" && !event.altKey) {
      if (event.shiftKey || event.ctrlKey || event.metaKey) beside(step);
      else if (isEmpty(step) && step.hasAttribute("data-fresh")) shift(step, -1);
      else deeper(step);
      return true;
    }
    if (event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.key.startsWith("Arrow")) {
      const field = document.activeElement;
      if (event.key === "ArrowRight") shift(step, 1);
      else if (event.key === "ArrowLeft") shift(step, -1);
      else move(step, event.key === "ArrowUp" ? -1 : 1);
      field.focus();
      return true; // also where there is nowhere to go: Alt and an arrow would leave the page
    }
    if (event.key === "Tab" && plain && step.hasAttribute("data-fresh") && isEmpty(step)) return shift(step, event.shiftKey ? -1 : 1);
    if (event.key === "Backspace" && (event.ctrlKey || event.metaKey) && (event.shiftKey || atStart(event.target))) {
      remove(step);
      return true;
    }
    if (event.key === "Backspace" && plain && step.hasAttribute("data-fresh") && isEmpty(step)) {
      if (!shift(step, -1)) remove(step);
      return true;
    }
    return false;
  }

  // Before eightd.js, for which Enter in a row means the next field.
  document.addEventListener("keydown", (event) => {
    if (composing(event) || !event.target.closest) return;
    const step = event.target.closest("[data-whys] [data-row]");
    if (!step || !event.target.matches("textarea, input")) return;
    if (stepKey(event, step)) { event.preventDefault(); event.stopPropagation(); }
  }, true);

  document.addEventListener("focusout", (event) => {
    const step = event.target.closest && event.target.closest("[data-fresh]");
    if (step && !(event.relatedTarget && step.contains(event.relatedTarget)) && step.isConnected) {
      window.setTimeout(() => { if (!step.contains(document.activeElement)) step.removeAttribute("data-fresh"); }, 0);
    }
  });

  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-why]");
    const adds = event.target.closest("[data-why-add]");
    if (pressed) {
      const step = pressed.closest("[data-row]");
      const act = { in: () => shift(step, 1), out: () => shift(step, -1), up: () => move(step, -1), down: () => move(step, 1), remove: () => remove(step) };
      act[pressed.dataset.why]();
      if (pressed.isConnected) pressed.focus();
    } else if (adds) {
      const rows = adds.closest("[data-whys]");
      const last = stepsOf(rows).pop();
      if (last && isEmpty(last)) { textField(last).focus(); last.setAttribute("data-fresh", ""); }
      else addStep(rows, last, last ? Math.min(levelOf(last) + 1, DEEPEST) : 0);
    }
  });

  /* ------------------------------------- causes and the fishbone
   * A possible cause may name a root cause of the same form. The form sends its place in the list; what a
   * person chose is the cause itself, so the choice follows its key when causes are added, moved, removed.
   */

  function causes() {
    const rows = document.querySelector("[data-causes]");
    if (!rows) return [];
    return stepsOf(rows).map((card) => ({
      key: card.querySelector('input[type="hidden"][name="' + card.dataset.rowPrefix + '-key"]').value,
      text: card.querySelector('[name="' + card.dataset.rowPrefix + '-text"]').value.trim(),
      code: card.querySelector("[data-cause-code]"),
    }));
  }

  const linkFields = () => all("[data-linked-cause] select");

  function rememberLinks() {
    const found = causes();
    linkFields().forEach((field) => {
      const cause = field.value === "" ? null : found[Number(field.value)];
      field.dataset.linked = cause ? cause.key : "";
    });
  }

  function drawLinks() {
    const found = causes();
    found.forEach((cause, at) => { if (cause.code.textContent !== "C" + (at + 1)) cause.code.textContent = "C" + (at + 1); });
    const wanted = found.map((cause, at) => "C" + (at + 1) + " · " + cause.text);
    linkFields().forEach((field) => {
      while (field.options.length > wanted.length + 1) field.options[field.options.length - 1].remove();
      wanted.forEach((text, at) => {
        const option = field.options[at + 1] || field.appendChild(document.createElement("option"));
        option.value = String(at);
        if (option.textContent !== text) option.textContent = text;
      });
      const at = found.findIndex((cause) => cause.key === field.dataset.linked);
      const value = field.dataset.linked && at >= 0 ? String(at) : "";
      if (field.value !== value) field.value = value;
    });
  }

  /* --------------------------------------------------- IS / IS NOT */

  function drawQuestions(row) {
    const field = row.querySelector('select[name$="-dimension"]');
    if (field && field.value) row.dataset.dimension = field.value;
  }

  document.addEventListener("click", (event) => {
    const adds = event.target.closest("[data-add-dimension]");
    if (!adds) return;
    const rows = adds.closest("[data-compare]");
    const asked = new CustomEvent("rows:add", { bubbles: true, detail: {} });
    rows.dispatchEvent(asked);
    const row = asked.detail.row;
    if (!row) return;
    row.querySelector('select[name$="-dimension"]').value = adds.dataset.addDimension;
    drawQuestions(row);
    const same = stepsOf(rows).filter((one) => one !== row && one.dataset.dimension === adds.dataset.addDimension && !one.classList.contains("without-script"));
    if (same.length) same[same.length - 1].after(row);
    renumber(rows);
    row.querySelector("textarea").focus();
    changed(row.querySelector("textarea"));
  });

  /* ------------------------------------------------------------ stock */

  const number = (field) => (field && field.value.trim() !== "" ? Number(field.value) : null);

  function mark(field, text) {
    const cell = field.parentElement;
    let shown = cell.querySelector(".cell-mark");
    if (!text) { if (shown) shown.remove(); return; }
    if (!shown) {
      shown = document.createElement("p");
      shown.className = "error cell-mark";
      cell.append(shown);
    }
    if (shown.textContent.trim() !== text) shown.textContent = "⚠ " + text;
  }

  function drawStock(box) {
    const rows = all("[data-rows]").find((one) => one.dataset.prefix === box.dataset.reconciled);
    if (!rows) return;
    let found = 0;
    all("[data-row]", rows).forEach((row) => {
      const field = (name) => row.querySelector('[name="' + row.dataset.rowPrefix + "-" + name + '"]');
      const [quantity, checked, ng] = ["quantity", "checked", "ng"].map((name) => number(field(name)));
      mark(field("checked"), quantity !== null && checked !== null && checked > quantity ? box.dataset.tChecked : "");
      mark(field("ng"), checked !== null && ng !== null && ng > checked ? box.dataset.tNg : "");
      const place = field("place").selectedOptions[0];
      if (place && place.hasAttribute("data-of-delivered")) found += quantity || 0;
    });
    const delivered = number(document.getElementById("f-delivered"));
    const words = box.querySelector("[data-reconciled-words]");
    const rest = delivered === null ? 0 : delivered - found;
    const state = delivered === null ? "unknown" : rest === 0 ? "all_found" : rest > 0 ? "missing" : "too_many";
    const text = filled(words.getAttribute("data-t-" + state), {
      found: figures.format(found), delivered: figures.format(delivered || 0), rest: figures.format(Math.abs(rest)),
    });
    words.dataset.state = state;
    const shown = words.querySelector("span");
    if (shown.textContent !== text) shown.textContent = text;
  }

  /* -------------------------------------------------------- together */

  let waiting = 0;
  function draw() {
    waiting = 0;
    all("[data-whys]").forEach(drawTree);
    all("[data-compare] [data-row]").forEach(drawQuestions);
    all("[data-reconciled]").forEach(drawStock);
    drawLinks();
  }

  function soon() {
    if (!waiting) waiting = window.requestAnimationFrame(draw);
  }

  ["input", "change"].forEach((name) => document.addEventListener(name, (event) => {
    const target = event.target;
    if (target.matches && target.matches("[data-linked-cause] select")) {
      const cause = target.value === "" ? null : causes()[Number(target.value)];
      target.dataset.linked = cause ? cause.key : "";
    }
    soon();
  }));
  ["rows:order", "saved"].forEach((name) => document.addEventListener(name, soon));
  document.addEventListener("rows:filled", () => { rememberLinks(); draw(); }); // texts were put back from a draft

  rememberLinks();
  draw();
})();
