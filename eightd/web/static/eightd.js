/*
 * What pages do in the browser: rows of forms, sums, drafts, dialogs, suggestions, keys.
 *
 * Everything hangs on data attributes and is bound by delegation, so that fragments brought by htmx
 * work without being initialised. Nothing here is needed to read a page or to send a form. Words
 * come from data-t-* attributes of <body>; no style attribute and no eval, for the content policy.
 */
(function () {
  "use strict";

  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const word = (key, fallback) => document.body.dataset["t" + key] || fallback;
  const composing = (event) => event.isComposing || event.keyCode === 229; // an input method is at work

  function say(text) {
    const region = document.getElementById("live");
    if (region) { region.textContent = ""; window.setTimeout(() => { region.textContent = text; }, 50); }
  }

  function button(label, onClick) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn btn-sm";
    made.textContent = label;
    made.addEventListener("click", onClick);
    return made;
  }

  function notice(text, ...buttons) {
    const box = document.createElement("div");
    box.className = "notice notice-line";
    const body = document.createElement("div");
    body.textContent = text;
    box.append(body, ...buttons);
    return box;
  }

  /* ------------------------------------------------------------- rows
   * [data-rows="causes"] holds [data-row-list] with [data-row] elements and one
   * <template data-row-template>. Fields are named prefix-index-field; a nested [data-rows] writes
   * parent-index-prefix-index-field. __i__ (outer) and __j__ (inner) stand for the index in templates.
   */

  const NAMED = ["name", "id", "for", "list", "aria-describedby", "aria-labelledby", "aria-controls",
    "hx-target", "data-row-prefix", "data-prefix", "data-sum", "data-unaccounted"];

  const listOf = (rows) => rows.querySelector(":scope > [data-row-list], :scope > * > [data-row-list]");
  const rowsIn = (rows) => Array.from(listOf(rows).children).filter((child) => child.hasAttribute("data-row"));
  const prefixOf = (rows) => rows.dataset.prefix || rows.dataset.rows;
  const topmost = (rows) => rows.parentElement.closest("[data-rows]") || rows;

  function rename(root, from, to) {
    const pattern = new RegExp("(^|[\\s#]|f-)" + from.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") + "(?=-|$|\\s)", "g");
    const walk = (element) => {
      const names = NAMED.concat(Array.from(element.attributes, (a) => a.name).filter((n) => n.startsWith("data-fill-")));
      for (const name of names) {
        const value = element.getAttribute(name);
        if (value && value.includes(from)) element.setAttribute(name, value.replace(pattern, "$1" + to));
      }
      if (element.tagName === "TEMPLATE") Array.from(element.content.children).forEach(walk);
      Array.from(element.children).forEach(walk);
    };
    walk(root);
  }

  function renumber(rows) {
    const prefix = prefixOf(rows);
    const list = rowsIn(rows);
    // Two passes: radio buttons that share a name for a moment would uncheck each other.
    const moved = list.filter((row, index) => row.dataset.rowPrefix !== prefix + "-" + index);
    const checked = moved.flatMap((row) => all("input[type=radio]:checked", row));
    moved.forEach((row) => {
      const hold = prefix + "-m" + list.indexOf(row);
      rename(row, row.dataset.rowPrefix, hold);
      row.dataset.rowPrefix = hold;
    });
    moved.forEach((row) => {
      const final = prefix + "-" + list.indexOf(row);
      rename(row, row.dataset.rowPrefix, final);
      row.dataset.rowPrefix = final;
    });
    checked.forEach((radio) => { radio.checked = true; });
    rows.classList.toggle("is-empty", list.length === 0);
    list.forEach((row, index) => {
      const up = row.querySelector("[data-move-up]");
      const down = row.querySelector("[data-move-down]");
      if (up && up.closest("[data-row]") === row) up.disabled = index === 0;
      if (down && down.closest("[data-row]") === row) down.disabled = index === list.length - 1;
    });
    sums();
  }

  const firstField = (row) => row.querySelector('input:not([type=hidden]):not([disabled]):not([name^="internal:"]), select, textarea');
  const isTyped = (row) => all("input:not([type=hidden]), textarea", row).some((f) => (f.type === "checkbox" || f.type === "radio" ? false : f.value !== ""));

  const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  function addRow(rows, focus) {
    const limit = Number(rows.dataset.max || 0);
    const count = rowsIn(rows).length;
    if (limit && count >= limit) { say(word("RowLimit", "No more rows possible")); return null; }
    const template = rows.querySelector(":scope > template[data-row-template]");
    const row = template.content.firstElementChild.cloneNode(true);
    all('input[type="hidden"][name$="-key"]', row).forEach((key) => { key.value = newKey(); });
    const prefix = prefixOf(rows);
    const place = row.dataset.rowPrefix; // e.g. causes-__i__
    rename(row, place, prefix + "-" + count);
    row.dataset.rowPrefix = prefix + "-" + count;
    row.classList.add("row-new");
    listOf(rows).append(row);
    all("[data-rows]", row).forEach((nested) => { renumber(nested); addRow(nested, false); }); // a blank to begin with
    renumber(rows);
    if (window.htmx) window.htmx.process(row);
    if (focus) {
      const field = firstField(row);
      if (field) field.focus();
      say(word("RowAdded", "Row added"));
      changed(rows);
    }
    return row;
  }

  function removeRow(row) {
    const rows = row.closest("[data-rows]");
    const list = rowsIn(rows);
    const index = list.indexOf(row);
    if (list.length <= Number(rows.dataset.min || 0)) { say(word("RowNeeded", "This row is needed")); return; }
    const next = row.nextElementSibling;
    const typed = isTyped(row);
    row.remove();
    renumber(rows);
    const left = rowsIn(rows);
    const neighbour = left[Math.min(index, left.length - 1)];
    const target = neighbour ? neighbour.querySelector("[data-remove-row]") : rows.querySelector("[data-add-row]");
    if (target) target.focus();
    changed(rows);
    say(word("RowRemoved", "Row removed"));
    if (typed) {
      toast(word("RowRemoved", "Row removed"), word("Undo", "Undo"), () => {
        listOf(rows).insertBefore(row, next && next.isConnected ? next : null);
        renumber(rows);
        changed(rows);
        const field = firstField(row);
        if (field) field.focus();
      });
    }
  }

  function moveRow(row, step, pressed) {
    const rows = row.closest("[data-rows]");
    const list = rowsIn(rows);
    const other = list[list.indexOf(row) + step];
    if (!other) return;
    if (step < 0) other.before(row); else other.after(row);
    renumber(rows);
    changed(rows);
    if (pressed.disabled) {
      const turn = row.querySelector(step < 0 ? "[data-move-down]" : "[data-move-up]");
      if (turn) turn.focus();
    } else pressed.focus();
    say(word("RowMoved", "Row moved"));
  }

  function changed(element) {
    element.dispatchEvent(new Event("change", { bubbles: true }));
  }

  let toastTimer = 0;
  function toast(text, label, onClick) {
    let area = document.querySelector(".toast-area");
    if (!area) {
      area = document.createElement("div");
      area.className = "toast-area no-print";
      document.body.append(area);
    }
    const box = notice(text, button(label, () => { area.replaceChildren(); onClick(); }));
    area.replaceChildren(box);
    window.clearTimeout(toastTimer);
    toastTimer = window.setTimeout(() => area.replaceChildren(), 10000);
  }

  function rowKeys(event) {
    if (event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && /^Arrow(Up|Down)$/.test(event.key) && event.target.matches("input, textarea")) {
      const moved = event.target.closest("[data-row]");
      if (!moved || !moved.querySelector("[data-move-up]")) return;
      event.preventDefault();
      moveRow(moved, event.key === "ArrowUp" ? -1 : 1, event.target);
      return;
    }
    if (event.key !== "Enter" || composing(event)) return;
    const row = event.target.closest("[data-row]");
    if (!row || event.target.matches("button, a, summary")) return;
    const rows = row.closest("[data-rows]");
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const last = rowsIn(rows).pop();
      const spare = last !== row && !isTyped(last) && firstField(last); // the blank one that is there already
      if (spare && spare.getClientRects().length) spare.focus();
      else addRow(rows, true);
      return;
    }
    if (event.target.matches("textarea") || event.target.getAttribute("aria-expanded") === "true") return;
    event.preventDefault(); // Enter inside rows never sends the form
    const fields = all("input:not([type=hidden]):not([disabled]), select, textarea", row).filter((f) => f.closest("[data-row]") === row);
    const list = rowsIn(rows);
    if (event.target === fields[fields.length - 1]) {
      if (row === list[list.length - 1]) addRow(rows, true);
      else firstField(row.nextElementSibling).focus();
    } else {
      const following = fields[fields.indexOf(event.target) + 1];
      if (following) following.focus();
    }
  }

  /* ------------------------------------------------------------- sums */

  const number = (field) => (field && field.value.trim() !== "" ? Number(field.value) || 0 : 0);
  const figures = new Intl.NumberFormat(document.documentElement.lang || "en", { maximumFractionDigits: 6 });

  function ownRows(prefix, near) {
    const scope = (near && near.closest("form")) || document;
    const rows = all("[data-rows]", scope).find((r) => prefixOf(r) === prefix);
    return rows ? rowsIn(rows) : [];
  }

  const fieldOf = (row, name) => row.querySelector('[name="' + row.dataset.rowPrefix + "-" + name + '"]');

  function ofDelivered(row) {
    if (row.hasAttribute("data-of-delivered")) return true;
    return all("select", row).some((s) => s.selectedOptions[0] && s.selectedOptions[0].hasAttribute("data-of-delivered"))
      || all("input[data-of-delivered]", row).some((i) => i.type === "hidden" || i.checked);
  }

  function put(output, value) {
    const text = figures.format(value);
    if (output.textContent !== text) output.textContent = text;
  }

  function sums() {
    all("[data-sum]").forEach((output) => {
      const total = ownRows(output.dataset.sum, output)
        .reduce((sum, row) => sum + number(fieldOf(row, output.dataset.sumField)), 0);
      put(output, total);
    });
    all("[data-unaccounted]").forEach((output) => {
      const source = output.dataset.deliveredFrom && document.querySelector(output.dataset.deliveredFrom);
      const known = source ? source.value.trim() : output.dataset.delivered || "";
      const box = output.closest("[data-unaccounted-box]") || output.parentElement;
      if (known === "") { output.textContent = "–"; box.classList.remove("is-off"); return; }
      const found = ownRows(output.dataset.unaccounted, output).filter(ofDelivered)
        .reduce((sum, row) => sum + number(fieldOf(row, output.dataset.sumField || "quantity")), 0);
      const rest = Number(known) - found;
      put(output, rest);
      box.classList.toggle("is-off", rest !== 0);
    });
  }

  /* ------------------------------------------------- drafts and the guard
   * A form with data-draft-key keeps what is typed in this tab (sessionStorage) until the server has
   * it. Taken for saved: the next good page does not show the form, or shows it with another version.
   */

  const DRAFT = "eightd-draft:";
  const UNKEPT = new Set(["csrf_token", "idempotency_key", "version", "_method"]);
  const leaving = new WeakSet();
  const dirty = new WeakSet();

  function entries(form) {
    return Array.from(form.elements).filter((f) => f.name && !UNKEPT.has(f.name) && !f.disabled
      && !["file", "password", "submit", "button", "fieldset"].includes(f.type))
      .map((f) => [f.name, f.type === "checkbox" || f.type === "radio" ? [f.value, f.checked] : f.type === "select-multiple" ? Array.from(f.selectedOptions, (o) => o.value) : f.value]);
  }

  const shape = (form) => Object.fromEntries(all("[data-rows]", form).map((r) => [prefixOf(r), rowsIn(r).length]));
  const versionOf = (form) => (form.elements.version ? form.elements.version.value : "");

  function keep(form) {
    const draft = { version: versionOf(form), at: Date.now(), entries: entries(form), rows: shape(form) };
    try { sessionStorage.setItem(DRAFT + form.dataset.draftKey, JSON.stringify(draft)); } catch (full) { /* storage full or off: the guard still warns */ }
  }

  function load(key) {
    try { return JSON.parse(sessionStorage.getItem(DRAFT + key)); } catch (broken) { return null; }
  }

  function forget(key) {
    try { sessionStorage.removeItem(DRAFT + key); } catch (off) { /* nothing kept */ }
  }

  function forgetAll() {
    try {
      Object.keys(sessionStorage).filter((k) => k.startsWith(DRAFT)).forEach((k) => sessionStorage.removeItem(k));
    } catch (off) { /* nothing kept */ }
  }

  function fillFrom(form, draft) {
    Object.keys(draft.rows).sort((a, b) => a.length - b.length).forEach((prefix) => {
      const rows = all("[data-rows]", form).find((r) => prefixOf(r) === prefix);
      if (!rows) return;
      while (rowsIn(rows).length < draft.rows[prefix]) { if (!addRow(rows, false)) break; }
      while (rowsIn(rows).length > draft.rows[prefix]) rowsIn(rows).pop().remove();
      renumber(rows);
    });
    const queue = new Map();
    Array.from(form.elements).forEach((f) => {
      if (f.name) queue.set(f.name, (queue.get(f.name) || []).concat(f));
    });
    draft.entries.forEach(([name, value]) => {
      const fields = (queue.get(name) || []).filter((f) => f.type !== "file");
      const field = Array.isArray(value) && fields.length && (fields[0].type === "checkbox" || fields[0].type === "radio")
        ? fields.find((f) => f.value === value[0]) : fields.shift();
      if (!field) return;
      if (field.type === "checkbox" || field.type === "radio") field.checked = value[1];
      else if (field.type === "select-multiple") Array.from(field.options).forEach((o) => { o.selected = value.includes(o.value); });
      else field.value = value;
      if (queue.has(name)) queue.set(name, fields);
    });
    sums();
    dirty.add(form);
    form.dispatchEvent(new CustomEvent("rows:filled", { bubbles: true }));
  }

  function offerDraft(form, draft, restored) {
    const said = restored ? word("DraftRestored", "Your unsaved input was restored.")
      : word("DraftOlder", "There is unsaved input from an earlier version of this page.");
    const box = notice(said);
    box.setAttribute("role", "status");
    if (!restored) {
      box.append(button(word("DraftUse", "Use it"), () => { fillFrom(form, draft); keep(form); box.remove(); }));
    }
    box.append(button(word("DraftDiscard", "Discard"), () => {
      forget(form.dataset.draftKey);
      dirty.delete(form);
      leaving.add(form);
      window.location.reload();
    }));
    form.prepend(box);
  }

  function openDrafts() {
    if (document.body.hasAttribute("data-error-page")) return;
    all("[data-draft-clear]").forEach((e) => forget(e.dataset.draftClear));
    const here = new Map(all("form[data-draft-key]").map((form) => [form.dataset.draftKey, form]));
    try {
      Object.keys(sessionStorage).filter((k) => k.startsWith(DRAFT)).forEach((k) => {
        const key = k.slice(DRAFT.length);
        const draft = load(key);
        if (draft && draft.sent && !here.has(key)) forget(key);
      });
    } catch (off) { return; }
    here.forEach((form, key) => {
      const draft = load(key);
      if (!draft) return;
      if (form.querySelector("[data-error-summary]")) { forget(key); dirty.add(form); keep(form); return; } // the server gave it back
      if (draft.sent && draft.version !== versionOf(form)) { forget(key); return; }
      if (JSON.stringify(draft.entries) === JSON.stringify(entries(form))) { forget(key); return; }
      const same = draft.version === versionOf(form);
      if (same) fillFrom(form, draft);
      offerDraft(form, draft, same);
    });
  }

  const waiting = new WeakMap();
  const labels = new WeakMap();

  /* Another script has brought what the form holds to the server: the tab need not keep it any more. */
  document.addEventListener("form:saved", (event) => {
    const form = event.target;
    dirty.delete(form);
    window.clearTimeout(waiting.get(form));
    if (form.dataset.draftKey) forget(form.dataset.draftKey);
  });

  function touched(form) {
    dirty.add(form);
    if (!form.dataset.draftKey) return;
    window.clearTimeout(waiting.get(form));
    waiting.set(form, window.setTimeout(() => keep(form), 400));
  }

  window.addEventListener("beforeunload", (event) => {
    const unsaved = all("form[data-guard]").some((form) => dirty.has(form) && !leaving.has(form));
    if (unsaved) { event.preventDefault(); event.returnValue = ""; }
  });

  window.addEventListener("pagehide", () => {
    all("form[data-draft-key]").forEach((form) => { if (dirty.has(form) && !leaving.has(form)) keep(form); });
  });

  /* ---------------------------------------------------------- sending */

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    if (form.hasAttribute("data-clear-drafts")) { forgetAll(); all("form[data-guard]").forEach((f) => leaving.add(f)); }
    if (form.method !== "post") return;
    if (form.hasAttribute("data-sending")) { event.preventDefault(); return; }
    form.setAttribute("data-sending", "");
    leaving.add(form);
    if (form.dataset.draftKey) {
      window.clearTimeout(waiting.get(form));
      keep(form);
      const draft = load(form.dataset.draftKey);
      if (draft) {
        draft.sent = true;
        try { sessionStorage.setItem(DRAFT + form.dataset.draftKey, JSON.stringify(draft)); } catch (full) { /* as in keep() */ }
      }
    }
    const pressed = event.submitter;
    // After this turn, so that the pressed button's own name and value are still sent.
    window.setTimeout(() => {
      all("button[type=submit], button:not([type]), input[type=submit]", form).concat(pressed || []).forEach((b) => {
        if (!b.disabled) { b.disabled = true; b.setAttribute("data-was-on", ""); }
      });
      if (pressed && pressed.tagName === "BUTTON") {
        pressed.setAttribute("aria-busy", "true");
        labels.set(pressed, Array.from(pressed.childNodes));
        pressed.textContent = pressed.dataset.busy || word("Sending", "Saving…");
      }
    }, 0);
    if (form.hasAttribute("data-download") || form.hasAttribute("hx-post") || form.hasAttribute("hx-boost")) window.setTimeout(() => release(form), 4000);
  });

  function release(form) {
    form.removeAttribute("data-sending");
    leaving.delete(form);
    all("[data-was-on]", form).concat(all('[form="' + form.id + '"][data-was-on]')).forEach((b) => {
      b.disabled = false;
      b.removeAttribute("data-was-on");
      b.removeAttribute("aria-busy");
      if (labels.has(b)) { b.replaceChildren(...labels.get(b)); labels.delete(b); }
    });
  }

  window.addEventListener("pageshow", (event) => {
    if (event.persisted) all("form[data-sending]").forEach(release); // back button
  });

  /* ---------------------------------------------------------- dialogs */

  function openDialog(id) {
    const dialog = document.getElementById(id);
    if (!dialog || dialog.open) return;
    dialog.showModal();
    const first = dialog.querySelector("[autofocus], .dlg-body input:not([type=hidden]), .dlg-body textarea, .dlg-body select");
    if (first) first.focus();
  }

  /* ------------------------------------------------------ suggestions
   * <input role=combobox data-suggest aria-controls=ID hx-get hx-target="#ID"> with a sibling
   * <ul role=listbox id=ID>. Options carry data-value (else their text) and data-*; an attribute
   * data-fill-part-name="#f-part" of the input puts the option's data-part-name into that field.
   */

  const boxOf = (input) => document.getElementById(input.getAttribute("aria-controls"));
  const optionsOf = (box) => all("[role=option]", box);

  function expand(input, open) {
    const box = boxOf(input);
    if (!box) return;
    const shown = open && optionsOf(box).length > 0;
    box.hidden = !shown;
    input.setAttribute("aria-expanded", String(shown));
    if (shown) box.scrollIntoView({ block: "nearest" });
    else { input.removeAttribute("aria-activedescendant"); mark(box, null); }
  }

  function mark(box, option) {
    optionsOf(box).forEach((o, index) => {
      if (!o.id) o.id = box.id + "-" + index;
      o.setAttribute("aria-selected", String(o === option));
    });
    if (option) option.scrollIntoView({ block: "nearest" });
  }

  function fillTargets(input, give) {
    Array.from(input.attributes).filter((a) => a.name.startsWith("data-fill-")).forEach((a) => {
      const target = document.querySelector(a.value);
      if (target) give(target, a.name.slice("data-fill-".length));
    });
  }

  function choose(input, option) {
    input.value = option.dataset.value !== undefined ? option.dataset.value : option.textContent.trim();
    fillTargets(input, (target, key) => {
      const value = option.getAttribute("data-" + key);
      if (value !== null) { target.value = value; changed(target); }
    });
    expand(input, false);
    input.dataset.chosen = input.value;
    changed(input);
    input.focus();
  }

  // The list opens when asked for (typing, arrow down, a click), never because the focus came by.
  function ask(input) {
    if (window.htmx) window.htmx.trigger(input, "suggest");
  }

  function suggestKeys(event, input) {
    const box = boxOf(input);
    if (!box || composing(event)) return;
    const options = optionsOf(box);
    const open = input.getAttribute("aria-expanded") === "true";
    const current = options.findIndex((o) => o.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!open && event.key === "ArrowDown") { event.preventDefault(); ask(input); return; }
      if (!options.length) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const at = current === -1 ? (step > 0 ? 0 : options.length - 1) : (current + step + options.length) % options.length;
      mark(box, options[at]);
      input.setAttribute("aria-activedescendant", options[at].id);
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      event.stopPropagation();
      if (current >= 0) choose(input, options[current]); else expand(input, false);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      expand(input, false);
    } else if (event.key === "Tab" && open) {
      if (current >= 0) choose(input, options[current]); else expand(input, false);
    }
  }

  /* ------------------------------------------------------------- keys */

  const KEYS_OFF = "eightd-keys-off";
  let lead = "";
  let leadTimer = 0;

  function keysOff() {
    try { return localStorage.getItem(KEYS_OFF) === "1"; } catch (off) { return false; }
  }

  const shown = (element) => element.getClientRects().length > 0 && !element.closest("dialog:not([open])");
  const FIELDS = "input:not([type=hidden]):not([disabled]), select:not([disabled]), textarea:not([disabled])";

  /* The field to begin with: the first that was refused, else the first of the form's content. */
  function beginning() {
    const first = (selector) => all(selector).find((field) => field.matches(FIELDS) && field.tabIndex >= 0 && shown(field));
    return first('main form [aria-invalid="true"]') || first("main form .section :is(input, select, textarea)") || first("main form :is(input, select, textarea)");
  }

  /* What this page is there to press: the step that comes next, else what sends the form. It is not pressed here. */
  const mainButton = () => all(".page-head .btn-primary, main .form-actions .btn-primary, main .btn-primary").find((one) => !one.disabled && shown(one));

  function goTo(element) {
    if (!element) return false;
    element.focus();
    if (document.activeElement === element) element.scrollIntoView({ block: "nearest" });
    return true;
  }

  function shortcut(event) {
    if (event.key === "Escape" && !event.defaultPrevented && !composing(event) && !event.target.closest("dialog[open]") && event.target.matches("main :is(input:not([type=search]), textarea, select)")) {
      event.target.blur(); // so that single keys are shortcuts again; Tab goes on from here
      return;
    }
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
      const save = all("[data-save]").find((b) => !b.disabled && !b.closest("dialog:not([open])"));
      if (save) { event.preventDefault(); save.click(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || composing(event) || keysOff()) return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog[open]")) return;
    const pressed = lead ? lead + " " + event.key : event.key;
    window.clearTimeout(leadTimer);
    lead = "";
    if (pressed === "/") {
      const search = document.querySelector("[data-search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (pressed === "i") {
      if (goTo(beginning())) event.preventDefault();
    } else if (pressed === "." || pressed === "。") {
      if (goTo(mainButton())) event.preventDefault();
    } else if (pressed === "?" || pressed === "？") {
      event.preventDefault();
      openDialog("shortcuts");
    } else if (pressed === "g") {
      lead = "g";
      leadTimer = window.setTimeout(() => { lead = ""; }, 1200);
    } else {
      const link = document.querySelector('[data-key="' + CSS.escape(pressed) + '"]');
      if (link) { event.preventDefault(); link.click(); }
    }
  }

  /* ------------------------------------------------------- delegation */

  /* Where the browser keeps the clipboard for secure pages only, the selected text is copied the old way. */
  function copy(button) {
    const field = document.getElementById(button.dataset.copy);
    const done = (copied) => {
      const text = copied ? button.dataset.copied : button.dataset.uncopied;
      say(text);
      button.parentElement.querySelector("[data-copy-note]").textContent = text;
    };
    const selected = () => {
      field.focus();
      field.select();
      let copied = false;
      try { copied = document.execCommand("copy"); } catch (refused) { /* then the person presses Ctrl+C */ }
      if (copied) button.focus();
      done(copied);
    };
    if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(field.value).then(() => done(true), selected);
    else selected();
  }

  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest(selector);
    let found;
    if ((found = hit("[data-add-row]"))) {
      addRow(found.closest("[data-rows]"), true);
    } else if ((found = hit("[data-remove-row]"))) {
      removeRow(found.closest("[data-row]"));
    } else if ((found = hit("[data-move-up]"))) {
      moveRow(found.closest("[data-row]"), -1, found);
    } else if ((found = hit("[data-move-down]"))) {
      moveRow(found.closest("[data-row]"), 1, found);
    } else if ((found = hit("[data-dialog]"))) {
      event.preventDefault();
      openDialog(found.dataset.dialog);
    } else if ((found = hit("[data-close]"))) {
      event.preventDefault();
      found.closest("dialog").close();
    } else if ((found = hit("[data-toggle]"))) {
      const target = document.getElementById(found.getAttribute("aria-controls"));
      const open = target.classList.toggle("is-open");
      found.setAttribute("aria-expanded", String(open));
    } else if ((found = hit("[data-copy]"))) {
      copy(found);
    } else if ((found = hit("[data-print]"))) {
      window.print();
    } else if ((found = hit("[data-suggest] ~ [role=listbox] [role=option]"))) {
      choose(found.closest(".suggest").querySelector("[data-suggest]"), found);
    } else if ((found = hit("[data-suggest]"))) {
      if (found.getAttribute("aria-expanded") !== "true") ask(found);
    } else if ((found = hit("[data-error-summary] a"))) {
      const field = document.querySelector(found.getAttribute("href"));
      if (field) { event.preventDefault(); field.focus(); field.scrollIntoView({ block: "center" }); }
    } else if (event.target.matches("dialog.dlg[data-light]")) {
      event.target.close();
    } else if ((found = hit("[aria-disabled=true]"))) {
      event.preventDefault();
    }
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  document.addEventListener("mousedown", (event) => {
    if (event.target.closest("[role=listbox]")) event.preventDefault(); // keep the focus in the input
  });

  document.addEventListener("keydown", (event) => {
    if (event.target.matches("[data-suggest]")) suggestKeys(event, event.target);
    if (event.defaultPrevented) return;
    rowKeys(event);
    if (event.defaultPrevented) return;
    if (event.key === "Escape") {
      const menu = event.target.closest("details.menu[open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    }
    shortcut(event);
  });

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.matches("[data-suggest]") && field.dataset.chosen !== undefined && field.dataset.chosen !== field.value) {
      delete field.dataset.chosen;
      fillTargets(field, (target) => { if (target.type === "hidden") { target.value = ""; changed(target); } });
    }
    if (field.form) { touched(field.form); sums(); }
  });

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches("[data-keys-off]")) {
      try { localStorage.setItem(KEYS_OFF, field.checked ? "1" : "0"); } catch (off) { /* only this page then */ }
      return;
    }
    const form = field.form || field.closest("form");
    if (!form) return;
    if (field.matches("[data-autosubmit]") || (form.hasAttribute("data-autosubmit") && field.matches("select"))) { form.requestSubmit(); return; }
    touched(form);
    sums();
  });

  document.addEventListener("focusin", (event) => {
    const target = event.target;
    const form = target.closest("form");
    const bar = form && form.querySelector(".form-actions");
    if (!bar || bar.contains(target) || !target.matches(":focus-visible")) return;
    window.requestAnimationFrame(() => { // after the browser's own scrolling, which knows nothing of the bar
      const field = target.getBoundingClientRect();
      const edge = bar.getBoundingClientRect();
      if (field.bottom > edge.top && field.top < edge.bottom) window.scrollBy({ top: field.bottom + 12 - edge.top, behavior: "instant" });
    });
  });

  /* Another script asks for a row, and finds it in detail.row, or for one to go. */
  document.addEventListener("rows:add", (event) => {
    event.detail.row = addRow(event.target, false);
  });

  /* Another script gives rows the order of their keys, in detail.keys; rows it does not name come last. */
  document.addEventListener("rows:order", (event) => {
    const rows = event.target;
    const list = rowsIn(rows);
    const keyOf = (row) => { const key = row.querySelector('[name="' + row.dataset.rowPrefix + '-key"]'); return key ? key.value : ""; };
    const place = (row) => { const at = event.detail.keys.indexOf(keyOf(row)); return at < 0 ? list.length : at; };
    const ordered = list.slice().sort((a, b) => place(a) - place(b) || list.indexOf(a) - list.indexOf(b));
    if (ordered.every((row, index) => row === list[index])) return;
    const active = document.activeElement;
    listOf(rows).append(...ordered);
    renumber(rows);
    if (active !== document.activeElement && active.isConnected) active.focus({ preventScroll: true });
  });

  document.addEventListener("rows:renumber", (event) => renumber(event.target));

  document.addEventListener("undo:offer", (event) => toast(event.detail.text, word("Undo", "Undo"), event.detail.undo));

  document.addEventListener("rows:remove", (event) => {
    const rows = event.target.closest("[data-rows]");
    event.target.remove();
    renumber(rows);
    changed(rows);
  });

  document.addEventListener("focusout", (event) => {
    if (event.target.matches("[data-suggest]")) window.setTimeout(() => expand(event.target, false), 120);
  });

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.matches("[data-tick-all]")) return;
    all(`input[type="checkbox"][name="${box.dataset.tickAll}"]`, box.form).forEach((one) => { one.checked = box.checked; });
  });

  /* ------------------------------------------------------------- htmx */

  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector('meta[name="csrf-token"]');
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.content;
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const box = event.detail.target;
    if (box && box.getAttribute("role") === "listbox") {
      const input = all("[data-suggest]").find((i) => i.getAttribute("aria-controls") === box.id);
      if (input) { mark(box, null); expand(input, document.activeElement === input && input.value !== input.dataset.chosen); }
    }
    sums();
  });

  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach((name) => {
    document.addEventListener(name, (event) => {
      if (event.target.closest && event.target.closest("[data-quiet]")) return; // asked for by a timer, not by anybody
      say(word("NoAnswer", "The server did not answer. Please try again."));
    });
  });

  window.EightD = Object.assign(window.EightD || {}, { say, notice, button, newKey, openDialog });

  /* ------------------------------------------------------------ start */

  all("[data-rows]").forEach((rows) => { if (topmost(rows) === rows) { all("[data-rows]", rows).forEach(renumber); renumber(rows); } });
  all("[data-keys-off]").forEach((box) => { box.checked = keysOff(); });
  openDrafts();
  sums();
  all("dialog[data-open]").forEach((dialog) => openDialog(dialog.id));
  const summary = document.querySelector("[data-error-summary]");
  if (summary && !document.querySelector("dialog[open]")) summary.focus();
  else if (document.activeElement === document.body && !window.location.hash && document.querySelector("main form[data-begin]")) goTo(beginning());
})();
