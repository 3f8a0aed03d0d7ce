/*
 * Click days of a year: each press writes into the rows of the form, and the year is painted from them.
 *
 * The rows stay the only thing that is sent; without this file they are typed. Keys: arrows walk by day and
 * week, Home and End to the ends of the week, Page up and down by month, Enter and Space press.
 */
(function () {
  "use strict";

  const editor = document.querySelector("[data-year-editor]");
  if (!editor) return;
  const form = editor.closest("form");
  const words = JSON.parse(editor.dataset.labels);
  const marking = form.querySelector('[name="marking"]');
  const cells = new Map(Array.from(editor.querySelectorAll("[data-day]"), (cell) => [cell.dataset.day, cell]));
  const tables = { off: form.querySelector('[data-rows="off"]'), on: form.querySelector('[data-rows="on"]') };
  const putAside = new Map(); // official days that were clicked away, to be put back

  const rowsIn = (rows) => Array.from(rows.querySelectorAll("[data-row-list] > [data-row]"));
  const field = (row, name) => row.querySelector('[name="' + row.dataset.rowPrefix + "-" + name + '"]');
  const isWorked = (mark) => mark === "working" || mark === "moved" || mark === "own_on";

  function listed() {
    const found = new Map();
    Object.entries(tables).forEach(([kind, rows]) => rowsIn(rows).forEach((row) => {
      const day = field(row, "on").value;
      if (!day || found.has(day)) return;
      const official = field(row, "official").checked;
      const english = field(row, "reason_en").value;
      const reason = (document.documentElement.lang.startsWith("en") && english) || field(row, "reason").value;
      const mark = official ? (kind === "off" ? "holiday" : "moved") : "own_" + kind;
      found.set(day, { kind, row, official, mark, reason });
    }));
    return found;
  }

  function paint() {
    const found = listed();
    cells.forEach((cell, day) => {
      const own = found.get(day);
      const mark = own ? own.mark : cell.dataset.base;
      if (cell.dataset.shown === mark && !own && !cell.dataset.reason) return;
      cell.classList.remove(...Array.from(cell.classList).filter((name) => name.startsWith("is-") && name !== "is-provisional"));
      cell.classList.add("is-" + mark);
      cell.querySelector(".cal-mark").textContent = words.marks[mark].letters;
      const told = own ? day + " · " + words.marks[mark].word + (own.reason ? ": " + own.reason : "") : cell.dataset.told;
      cell.title = told;
      cell.setAttribute("aria-label", told);
      cell.dataset.shown = mark;
      if (own) cell.dataset.reason = own.reason; else delete cell.dataset.reason;
    });
  }

  function put(kind, day, given) {
    const made = { row: null };
    tables[kind].dispatchEvent(new CustomEvent("rows:add", { bubbles: true, detail: made }));
    if (!made.row) return;
    field(made.row, "on").value = day;
    field(made.row, "reason").value = given.reason;
    field(made.row, "reason_en").value = given.english || "";
    field(made.row, "official").checked = Boolean(given.official);
    tables[kind].dispatchEvent(new Event("change", { bubbles: true }));
  }

  function remove(row) {
    row.dispatchEvent(new CustomEvent("rows:remove", { bubbles: true }));
  }

  /* From what is official to its opposite, to the same as the plant's own, and back. */
  function press(cell) {
    const day = cell.dataset.day;
    const own = listed().get(day);
    const aside = putAside.get(day);
    const worked = isWorked(own && own.official ? own.mark : aside ? aside.mark : cell.dataset.base);
    const opposite = worked ? "off" : "on";
    const same = worked ? "on" : "off";
    const reason = (kind) => (marking && marking.value.trim()) || words.defaults["own_" + kind];
    if (own) remove(own.row);
    if (!own || own.official) {
      if (own) {
        putAside.set(day, {
          kind: own.kind, mark: own.mark, official: true,
          reason: field(own.row, "reason").value, english: field(own.row, "reason_en").value,
        });
      }
      put(opposite, day, { reason: reason(opposite) });
    } else if (own.kind === opposite) {
      put(same, day, { reason: reason(same) });
    } else if (aside) {
      put(aside.kind, day, aside);
      putAside.delete(day);
    }
    paint();
    const live = document.getElementById("live");
    const now = listed().get(day);
    if (live) live.textContent = now ? cell.title : cell.title + " (" + words.plain + ")";
  }

  function shifted(day, step) {
    const at = new Date(day + "T00:00:00Z");
    at.setUTCDate(at.getUTCDate() + step);
    return at.toISOString().slice(0, 10);
  }

  function byMonth(day, step) {
    const [year, month, date] = day.split("-").map(Number);
    const last = new Date(Date.UTC(year, month + step, 0)).getUTCDate();
    return new Date(Date.UTC(year, month - 1 + step, Math.min(date, last))).toISOString().slice(0, 10);
  }

  function weekday(day) {
    return (new Date(day + "T00:00:00Z").getUTCDay() + 6) % 7;
  }

  const STEPS = {
    ArrowLeft: (day) => shifted(day, -1), ArrowRight: (day) => shifted(day, 1),
    ArrowUp: (day) => shifted(day, -7), ArrowDown: (day) => shifted(day, 7),
    Home: (day) => shifted(day, -weekday(day)), End: (day) => shifted(day, 6 - weekday(day)),
    PageUp: (day) => byMonth(day, -1), PageDown: (day) => byMonth(day, 1),
  };

  function stand(cell) {
    editor.querySelectorAll('[tabindex="0"]').forEach((one) => { one.tabIndex = -1; });
    cell.tabIndex = 0;
  }

  editor.addEventListener("click", (event) => {
    const cell = event.target.closest("[data-day]");
    if (!cell) return;
    stand(cell);
    press(cell);
  });

  editor.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[data-day]");
    const step = cell && !event.ctrlKey && !event.metaKey && !event.altKey && STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const next = cells.get(step(cell.dataset.day));
    if (next) { stand(next); next.focus(); }
  });

  ["change", "input"].forEach((name) => form.addEventListener(name, (event) => {
    if (event.target.closest("[data-rows]")) paint();
  }));

  cells.forEach((cell) => { cell.disabled = false; });
  const today = cells.get(new Date().toISOString().slice(0, 10));
  stand(today || cells.values().next().value);
  paint();
})();
