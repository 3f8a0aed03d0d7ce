/*
 * The grid of test results: made from the text in columns that the form sends, and written back into it.
 *
 * Without this script the text itself is typed and pasted. Enter and the arrows go from cell to cell, a new piece
 * appears after the last one, cells copied from a spreadsheet are spread over the grid. What a cell may say is judged
 * by the server alone; here words are only offered.
 */
(function () {
  "use strict";

  const form = document.querySelector("form[data-pieces]");
  if (!form) return;
  const known = JSON.parse(form.dataset.pieces);
  const text = form.elements.table;
  const holder = form.querySelector("[data-pieces-grid]");
  const state = form.querySelector("[data-pieces-state]");
  const word = (name, value) => (form.dataset["t" + name] || "").replace("#", value);
  const plain = (value) => value.normalize("NFKC").replace(/[\s_*:：]+/g, "").toLowerCase();
  const serialKey = (value) => value.normalize("NFKC").toLowerCase();
  const composing = (event) => event.isComposing || event.keyCode === 229;
  const HARD = 1000;
  const SHOWN = 8;

  const byWord = new Map();
  known.columns.forEach((column, at) => column.words.forEach((one) => byWord.set(plain(one), at)));
  const fixed = known.columns.length;
  const offers = known.columns.map((column) => column.offered.map((one) => {
    const words = Array.isArray(one) ? one : [one];
    const meant = column.key === "phenomenon" ? words.slice(0, 2) : words;
    return { value: words[0], note: words[1] || "", kind: words[2] || "", keys: meant.map(plain).filter(Boolean) };
  }));
  const at = Object.fromEntries(known.columns.map((column, place) => [column.key, place]));
  const closed = new Set([at.verdict, at.kind, at.category]); // words that stand for themselves; a phenomenon may be new

  let measured = []; // the headings' fields of what was measured
  let table; let head; let body;

  /* ---------------------------------------------------------------- text in columns */

  function parse(value) {
    const rows = []; let row = []; let cell = ""; let quoted = false;
    const source = value.replace(/\r\n?/g, "\n");
    for (let i = 0; i < source.length; i += 1) {
      const one = source[i];
      if (quoted) {
        if (one !== '"') cell += one;
        else if (source[i + 1] === '"') { cell += one; i += 1; } else quoted = false;
      } else if (one === '"' && cell === "") quoted = true;
      else if (one === "\t") { row.push(cell); cell = ""; } else if (one === "\n") { rows.push([...row, cell]); row = []; cell = ""; } else cell += one;
    }
    if (quoted) return source.split("\n").map((line) => line.split("\t")); // a mark that does not close is one
    if (cell !== "" || row.length) rows.push([...row, cell]);
    return rows;
  }

  const quote = (cell) => (/["\t\n]/.test(cell) ? '"' + cell.replace(/"/g, '""') + '"' : cell);
  const tidy = (cell) => cell.replace(/\s+/g, " ").trim();
  const isHeading = (row) => row.some((cell) => byWord.has(plain(cell)));

  /** Where each cell of a pasted or typed row belongs; a new heading makes a new measured value. */
  function placesOf(heading) {
    return heading.map((cell) => {
      const name = tidy(cell);
      if (!name) return -1;
      if (byWord.has(plain(name))) return byWord.get(plain(name));
      const there = measured.findIndex((field) => field.value === name);
      return fixed + (there >= 0 ? there : addMeasured(name));
    });
  }

  function write() {
    const lines = rows().map((row) => cells(row).map((cell) => tidy(cell.value)));
    while (lines.length && lines[lines.length - 1].every((cell) => cell === "")) lines.pop();
    const names = measured.map((field, place) => tidy(field.value) || word("Measured", place + 1) || "?" + (place + 1));
    const headings = [...known.columns.map((column) => column.label), ...names];
    text.value = [headings, ...lines].map((line) => line.map(quote).join("\t")).join("\n") + "\n";
  }

  let waiting = 0;
  function later() {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => { write(); doubles(); }, 200);
  }

  /* ---------------------------------------------------------------- the table */

  const rows = () => Array.from(body.rows);
  const cells = (row) => Array.from(row.querySelectorAll("input"));
  const width = () => fixed + measured.length;

  function field(column) {
    const input = document.createElement("input");
    input.type = "text";
    input.className = "pieces-cell";
    input.autocomplete = "off";
    input.spellcheck = false;
    input.setAttribute("aria-label", column < fixed ? known.columns[column].label : measured[column - fixed].value);
    if (column < fixed && offers[column].length) {
      input.setAttribute("role", "combobox");
      input.setAttribute("aria-expanded", "false");
      input.setAttribute("aria-autocomplete", "list");
    }
    return input;
  }

  function addCell(row, column) {
    const cell = row.insertCell();
    cell.className = "pieces-" + (column < fixed ? known.columns[column].key : "measured");
    cell.append(field(column));
  }

  function addRow(values, line) {
    const row = body.insertRow();
    const number = document.createElement("th");
    number.scope = "row";
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "pieces-remove";
    remove.tabIndex = -1;
    number.append(document.createElement("span"), remove);
    remove.textContent = "×";
    row.append(number);
    for (let column = 0; column < width(); column += 1) addCell(row, column);
    if (values) cells(row).forEach((input, place) => { input.value = values[place] || ""; });
    if (line) row.dataset.line = line;
    numberRow(row, body.rows.length);
    return row;
  }

  function numberRow(row, number) {
    row.cells[0].firstChild.textContent = number;
    row.cells[0].lastChild.setAttribute("aria-label", word("Remove", number));
  }

  function addMeasured(name) {
    const cell = document.createElement("th");
    cell.scope = "col";
    const input = document.createElement("input");
    input.type = "text";
    input.className = "pieces-cell pieces-name";
    input.value = name;
    input.maxLength = 60;
    input.placeholder = input.title = word("Add");
    input.setAttribute("aria-label", word("Add"));
    cell.append(input);
    head.append(cell);
    measured.push(input);
    rows().forEach((row) => addCell(row, width() - 1));
    return measured.length - 1;
  }

  function build() {
    measured = [];
    table = document.createElement("table");
    table.className = "pieces-table";
    head = table.createTHead().insertRow();
    body = table.createTBody();
    ["#", ...known.columns.map((column) => column.label)].forEach((label) => {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = label;
      head.append(cell);
    });
    const lines = parse(text.value).map((cells_, index) => ({ cells: cells_, line: index + 1 }))
      .filter((one) => one.cells.some((cell) => tidy(cell)));
    const begins = lines.slice(0, 10).findIndex((one) => isHeading(one.cells));
    const places = begins < 0 ? known.columns.map((_, place) => place) : placesOf(lines[begins].cells);
    lines.slice(begins + 1).forEach((one) => {
      const values = [];
      one.cells.forEach((cell, place) => { if (places[place] >= 0) values[places[place]] = tidy(cell); });
      addRow(values, one.line);
    });
    if (!body.rows.length) addRow();
    holder.replaceChildren(table);
    mark(places);
    doubles();
  }

  /* ---------------------------------------------------------------- what is wrong, what came back before */

  function mark(places) {
    const byLine = new Map(rows().map((row) => [Number(row.dataset.line), row]));
    known.wrong.forEach(([line, place, message], index) => {
      const row = byLine.get(line);
      const cell = row && cells(row)[place < 0 ? 0 : places[place]];
      if (!cell) return;
      cell.id = "piece-wrong-" + index;
      cell.setAttribute("aria-invalid", "true");
      cell.title = message;
      const listed = form.querySelector('[data-wrong-line="' + line + '"][data-wrong-place="' + place + '"] b');
      if (!listed || listed.querySelector("a")) return;
      const link = document.createElement("a");
      link.href = "#" + cell.id;
      link.textContent = listed.textContent;
      link.addEventListener("click", (event) => { event.preventDefault(); cell.focus(); });
      listed.replaceChildren(link);
    });
  }

  function doubles() {
    const first = new Map();
    rows().forEach((row, index) => {
      const cell = cells(row)[at.serial];
      const key = serialKey(tidy(cell.value));
      const twice = key && first.has(key);
      if (key && !twice) first.set(key, index + 1);
      cell.classList.toggle("is-double", Boolean(twice));
      cell.classList.toggle("is-seen", Boolean(key && known.seen[key]));
      if (!cell.hasAttribute("aria-invalid")) cell.title = twice ? word("Twice", first.get(key)) : known.seen[key] || "";
    });
  }

  /* ---------------------------------------------------------------- going from cell to cell */

  function placeOf(cell) {
    const row = cell.closest("tr");
    return { row: rows().indexOf(row), column: cells(row).indexOf(cell) };
  }

  function go(row, column) {
    const found = body.rows[row] && cells(body.rows[row])[column];
    if (!found) return;
    found.focus();
    found.select();
  }

  function down(cell) {
    const here = placeOf(cell);
    if (here.row === body.rows.length - 1) {
      if (cells(body.rows[here.row]).every((one) => one.value === "")) return;
      if (body.rows.length >= Math.min(known.most, HARD)) { state.textContent = word("Full", ""); return; }
      addRow();
    }
    go(here.row + 1, here.column);
  }

  function keys(event) {
    const cell = event.target;
    if (!cell.matches("tbody .pieces-cell") || composing(event)) return;
    const here = placeOf(cell);
    const list = listOf(cell);
    const bare = !event.altKey && !event.ctrlKey && !event.metaKey;
    if (list && (event.key === "ArrowDown" || event.key === "ArrowUp") && bare) {
      event.preventDefault();
      choose(cell, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape" && list) {
      event.preventDefault();
      close(cell);
    } else if (event.key === "Enter" && bare) {
      event.preventDefault();
      take(cell);
      if (event.shiftKey) go(here.row - 1, here.column); else down(cell);
    } else if (event.key === "ArrowDown" && event.altKey) {
      event.preventDefault();
      offer(cell, true);
    } else if (event.key === "ArrowDown" && bare) {
      event.preventDefault();
      down(cell);
    } else if (event.key === "ArrowUp" && bare) {
      event.preventDefault();
      go(here.row - 1, here.column);
    } else if (event.key === "ArrowLeft" && bare && !event.shiftKey && cell.selectionEnd === 0) {
      event.preventDefault();
      go(here.row, here.column - 1);
    } else if (event.key === "ArrowRight" && bare && !event.shiftKey && cell.selectionStart === cell.value.length) {
      event.preventDefault();
      go(here.row, here.column + 1);
    } else if (event.key.toLowerCase() === "d" && (event.ctrlKey || event.metaKey) && !event.altKey && here.row > 0) {
      event.preventDefault();
      cell.value = cells(body.rows[here.row - 1])[here.column].value;
      changed(cell);
    }
  }

  function changed(cell) {
    cell.dispatchEvent(new Event("input", { bubbles: true }));
    close(cell);
  }

  /* ---------------------------------------------------------------- words that are offered */

  const listOf = (cell) => cell.parentElement.querySelector(".pieces-offer");

  function close(cell) {
    const list = listOf(cell);
    if (list) list.remove();
    if (cell.hasAttribute("role")) cell.setAttribute("aria-expanded", "false");
    cell.removeAttribute("aria-activedescendant");
  }

  function offer(cell, everything) {
    close(cell);
    const { column } = placeOf(cell);
    const typed = plain(cell.value);
    if (column >= fixed || !offers[column].length || (!typed && !everything)) return;
    const found = offers[column].filter((one) => !typed || everything || one.keys.some((key) => key.includes(typed)));
    const begins = (one) => one.keys.some((key) => key.startsWith(typed));
    found.sort((a, b) => Number(begins(b)) - Number(begins(a)));
    if (!found.length || (found.length === 1 && found[0].value === cell.value)) return;
    const list = document.createElement("ul");
    list.className = "pieces-offer";
    list.id = "pieces-offer";
    list.setAttribute("role", "listbox");
    (everything ? found : found.slice(0, SHOWN)).forEach((one, index) => {
      const item = document.createElement("li");
      item.id = "pieces-offer-" + index;
      item.setAttribute("role", "option");
      item.dataset.value = one.value;
      item.dataset.kind = one.kind;
      item.textContent = one.value;
      if (column === at.category ? one.kind && one.kind !== one.value : one.note) {
        const note = document.createElement("small");
        note.textContent = column === at.category ? one.kind : one.note;
        item.append(note);
      }
      list.append(item);
    });
    cell.parentElement.append(list);
    cell.setAttribute("aria-expanded", "true");
    cell.setAttribute("aria-controls", list.id);
    if (closed.has(column) && typed) choose(cell, 1);
  }

  function choose(cell, step) {
    const items = Array.from(listOf(cell).children);
    const now = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
    const next = items[(now + step + items.length) % items.length];
    items.forEach((item) => item.setAttribute("aria-selected", String(item === next)));
    cell.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }

  /** Take the chosen word; a phenomenon brings its kind along, and makes the piece NG where nothing is said yet. */
  function take(cell, clicked) {
    const list = listOf(cell);
    const item = clicked || (list && list.querySelector('[aria-selected="true"]'));
    if (!item) { complete(cell); close(cell); return; }
    cell.value = item.dataset.value;
    const { column } = placeOf(cell);
    if (column === at.phenomenon) {
      const row = cells(cell.closest("tr"));
      if (item.dataset.kind && !row[at.kind].value) row[at.kind].value = item.dataset.kind;
      if (!row[at.verdict].value) row[at.verdict].value = offers[at.verdict][0].value;
    }
    changed(cell);
  }

  /** Write out a word that was begun, where only one is meant. */
  function complete(cell) {
    const { column } = placeOf(cell);
    const typed = plain(cell.value);
    if (!closed.has(column) || !typed) return;
    const exact = offers[column].filter((one) => one.keys.includes(typed));
    const begun = exact.length ? exact : offers[column].filter((one) => one.keys.some((key) => key.startsWith(typed)));
    if (begun.length === 1) cell.value = begun[0].value;
  }

  /* ---------------------------------------------------------------- paste */

  function paste(event) {
    const cell = event.target;
    const given = (event.clipboardData || window.clipboardData).getData("text/plain");
    if (!cell.matches("tbody .pieces-cell") || !/[\t\n]/.test(given.replace(/\r?\n$/, ""))) return;
    event.preventDefault();
    let lines = parse(given).filter((line) => line.some((one) => tidy(one)));
    const here = placeOf(cell);
    let places;
    if (lines.length && isHeading(lines[0])) {
      places = placesOf(lines[0]);
      lines = lines.slice(1);
    } else places = Array.from({ length: width() - here.column }, (_, index) => here.column + index);
    let count = 0;
    lines.forEach((line, index) => {
      if (here.row + index >= HARD) return;
      const row = body.rows[here.row + index] || addRow();
      const inputs = cells(row);
      line.forEach((value, place) => {
        if (places[place] === undefined || places[place] < 0) return;
        inputs[places[place]].value = tidy(value);
        inputs[places[place]].removeAttribute("aria-invalid");
        count += 1;
      });
    });
    state.textContent = word("Pasted", count);
    changed(cell);
  }

  /* ---------------------------------------------------------------- together */

  holder.addEventListener("keydown", keys);
  holder.addEventListener("paste", paste);
  holder.addEventListener("input", (event) => {
    later();
    if (!event.target.matches("tbody .pieces-cell")) return;
    event.target.removeAttribute("aria-invalid");
    state.textContent = "";
    if (event.isTrusted) offer(event.target, false);
  });
  holder.addEventListener("focusout", (event) => {
    if (!event.target.matches("tbody .pieces-cell")) return;
    const before = event.target.value;
    complete(event.target);
    close(event.target);
    if (before !== event.target.value) later();
  });
  holder.addEventListener("mousedown", (event) => {
    const item = event.target.closest(".pieces-offer li");
    if (!item) return;
    event.preventDefault(); // the cell keeps the focus
    take(item.closest("td").querySelector("input"), item);
  });
  holder.addEventListener("click", (event) => {
    const remove = event.target.closest(".pieces-remove");
    if (!remove) return;
    const row = remove.closest("tr");
    const index = rows().indexOf(row);
    row.remove();
    if (!body.rows.length) addRow();
    rows().forEach((one, number) => numberRow(one, number + 1));
    state.textContent = word("Removed", "");
    go(Math.min(index, body.rows.length - 1), 0);
    form.dispatchEvent(new Event("input", { bubbles: true }));
    later();
  });
  form.querySelector("[data-pieces-measure]").addEventListener("click", () => {
    measured[addMeasured("")].focus();
  });
  form.addEventListener("submit", write, true);
  form.addEventListener("rows:filled", build); // a draft of before was put back
  window.addEventListener("pagehide", write);

  build();
  holder.hidden = false;
  text.hidden = true;
  if (form.hasAttribute("data-unsaved")) form.dispatchEvent(new Event("input", { bubbles: true }));
})();
