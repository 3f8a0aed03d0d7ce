/*
 * What the form of the workbench holds, by place: read as a whole, compared, and put back.
 *
 *   EightD.content()          {fields: {place: value}, lists: {place of a list: [keys in order]}}; rows in which
 *                             nothing was entered are left out, as the server leaves them out
 *   EightD.same(a, b)         whether two contents say the same
 *   EightD.write(place, text) put a value into the field of a place; false where there is no such field
 *   EightD.writeBeside(texts) the same for what stands beside fields, by place
 *   EightD.makeRow(place)     make the row of a place, such as causes/ab12, at the end of its list
 *   EightD.dropRow(place)     take a row out
 *   EightD.order(place, keys) bring the rows of a list into order
 *   EightD.restore(content)   make the form hold exactly this
 *   EightD.applying           true while a script puts values in, so that nobody takes it for typing
 */
(function () {
  "use strict";

  const EightD = window.EightD;
  if (!EightD.workbench()) return;

  const all = (selector, within) => Array.from(within.querySelectorAll(selector));
  const isKey = (field) => field.type === "hidden" && /-\d+-key$/.test(field.name);
  const isTold = (field) => field.name && !field.disabled && !isKey(field)
    && !["file", "submit", "button", "fieldset", "output", "password"].includes(field.type);
  const parent = (place) => place.slice(0, place.lastIndexOf("/"));
  const last = (place) => place.slice(place.lastIndexOf("/") + 1);
  const depth = (place) => place.split("/").length;

  function valueOf(field) {
    if (field.type === "checkbox") return field.checked ? field.value : "";
    return field.value;
  }

  /* A choice that always has a value says nothing; one that may be empty says something when it is not. */
  function entered(field) {
    if (field.type === "hidden" || /-currency$/.test(field.name)) return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked && field.type === "checkbox";
    if (field.tagName === "SELECT") return Boolean(field.value) && field.options[0] && field.options[0].value === "";
    return field.value.trim() !== "";
  }

  const fieldsIn = (element) => all("input, textarea, select", element).filter(isTold);
  const isBlank = (row) => !fieldsIn(row).some((field) => !field.name.includes(":") && entered(field));

  EightD.content = function () {
    const form = EightD.workbench();
    const fields = {};
    const lists = {};
    const blank = new Set();
    all("[data-row]", form).forEach((row) => {
      if (row.closest("template")) return;
      const key = form.elements.namedItem(row.dataset.rowPrefix + "-key");
      if (!key) return;
      if (!key.value) key.value = EightD.newKey();
      if (isBlank(row)) { blank.add(row); return; }
      const place = parent(EightD.placeOf(key)); // …/causes/ab12
      (lists[parent(place)] = lists[parent(place)] || []).push(last(place));
    });
    const inBlank = (field) => { for (let row = field.closest("[data-row]"); row; row = row.parentElement.closest("[data-row]")) if (blank.has(row)) return true; return false; };
    Array.from(form.elements).filter(isTold).forEach((field) => {
      const place = EightD.placeOf(field);
      if (!place || inBlank(field)) return;
      if (field.type === "radio") { if (field.checked || !(place in fields)) fields[place] = field.checked ? field.value : ""; } else fields[place] = valueOf(field);
    });
    return { fields, lists };
  };

  /* The server strips blanks around a text and writes numbers its own way: that is no difference. */
  function plain(value) {
    const text = (value || "").trim();
    return /^-?\d+(\.\d+)?$/.test(text) ? String(Number(text)) : text;
  }

  EightD.same = function (a, b) {
    const places = new Set([...Object.keys(a.fields), ...Object.keys(b.fields)]);
    for (const place of places) if (plain(a.fields[place]) !== plain(b.fields[place])) return false;
    const listed = new Set([...Object.keys(a.lists), ...Object.keys(b.lists)]);
    for (const place of listed) if ((a.lists[place] || []).join("/") !== (b.lists[place] || []).join("/")) return false;
    return true;
  };

  function silently(act) {
    const before = EightD.applying;
    EightD.applying = true;
    try { return act(); } finally { EightD.applying = before; }
  }

  /* What stands beside a field comes with it: another script puts it there once the row is in the page. */
  EightD.writeBeside = function (texts) {
    queueMicrotask(() => Object.entries(texts).forEach(([place, text]) => {
      if (EightD.write(place, text) || !text) return;
      const kept = document.createElement("input");
      Object.assign(kept, { type: "hidden", name: place, value: text });
      EightD.workbench().append(kept);
    }));
  };

  EightD.write = function (place, text) {
    const field = EightD.fieldOf(place);
    if (!field || !field.name) return false;
    silently(() => {
      if (field.type === "radio") all('[name="' + CSS.escape(field.name) + '"]', field.form).forEach((one) => { one.checked = one.value === text; });
      else if (field.type === "checkbox") field.checked = Boolean(text);
      else field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    return true;
  };

  function rowsOf(list) {
    const form = EightD.workbench();
    const name = EightD.namedAt(form, list);
    return all("[data-rows]", form).find((rows) => (rows.dataset.prefix || rows.dataset.rows) === name) || null;
  }

  EightD.makeRow = function (place) {
    if (EightD.fieldOf(place)) return true;
    const rows = rowsOf(parent(place));
    if (!rows) return false;
    return silently(() => {
      const asked = new CustomEvent("rows:add", { bubbles: true, detail: {} });
      rows.dispatchEvent(asked);
      const row = asked.detail.row;
      if (!row) return false;
      EightD.workbench().elements.namedItem(row.dataset.rowPrefix + "-key").value = last(place);
      row.dispatchEvent(new Event("change", { bubbles: true }));
      return true;
    });
  };

  EightD.dropRow = function (place) {
    const row = EightD.fieldOf(place);
    if (row && row.hasAttribute("data-row")) silently(() => row.dispatchEvent(new Event("rows:remove", { bubbles: true })));
  };

  EightD.order = function (place, keys) {
    const rows = rowsOf(place);
    if (rows) silently(() => rows.dispatchEvent(new CustomEvent("rows:order", { bubbles: true, detail: { keys } })));
  };

  EightD.restore = function (content) {
    const now = EightD.content();
    Object.keys(content.lists).sort((a, b) => depth(a) - depth(b)).forEach((list) => {
      content.lists[list].forEach((key) => EightD.makeRow(list + "/" + key));
    });
    Object.entries(now.lists).forEach(([list, keys]) => keys.forEach((key) => {
      if (!(content.lists[list] || []).includes(key)) EightD.dropRow(list + "/" + key);
    }));
    Object.entries(content.lists).forEach(([list, keys]) => EightD.order(list, keys));
    const beside = {};
    Object.entries(content.fields).forEach(([place, text]) => {
      if ((now.fields[place] || "") === text) return;
      if (place.includes(":")) beside[place] = text; else EightD.write(place, text);
    });
    EightD.writeBeside(beside);
    Object.keys(now.fields).forEach((place) => { if (now.fields[place] && !(place in content.fields)) EightD.write(place, ""); });
  };
})();
