/*
 * The form of a discipline as its places: which field stands for which text of the answer, and what it holds.
 *
 * A place is the path that the server knows a text by, with a row's key after its list
 * (causes/ab12/whys/cd34/text); it stays the same while rows are moved, whereas names (causes-0-whys-1-text)
 * do not. Fields that stand beside the content keep the name they have: other:<place>, internal:<place>.
 *
 *   EightD.placeOf(field)  the place of a field, "" where it has none
 *   EightD.fieldOf(place)  the field of a place, or the row where the place is a row's; null where there is none
 *   EightD.place           the place of the field that has, or had last, the focus
 *
 * Events on document.body: "saved" after each save that the server has taken (detail: {version, at}),
 * "place" when another field gets the focus (detail: {place}).
 */
(function () {
  "use strict";

  const EightD = window.EightD = window.EightD || {};
  const UNPLACED = new Set(["csrf_token", "idempotency_key", "version", "do"]);

  const formOf = () => document.querySelector("form[data-workbench]");
  const keyField = (form, prefix) => form.elements.namedItem(prefix + "-key");
  const one = (found) => (found instanceof RadioNodeList ? found[0] : found);

  function placeOf(field) {
    const form = field.form || formOf();
    const name = field.name || "";
    if (!form || !name || UNPLACED.has(name)) return "";
    if (name.includes(":")) return name;
    const place = [];
    let prefix = "";
    for (const part of name.split("-")) {
      prefix = prefix ? prefix + "-" + part : part;
      if (!/^\d+$/.test(part)) { place.push(part); continue; }
      const key = one(keyField(form, prefix));
      place.push((key && key.value) || "#" + part); // a row that nobody has given a key yet
    }
    return place.join("/");
  }

  function namedAt(form, place) {
    let prefix = "";
    for (const part of place.split("/")) {
      if (prefix) {
        const row = rowsAt(form, prefix).find(([key]) => key === part);
        prefix = row ? row[1] : prefix + "-" + part;
      } else prefix = part;
    }
    return prefix;
  }

  /* The rows of a list as [key, prefix], in order. */
  function rowsAt(form, prefix) {
    const found = [];
    for (let index = 0; ; index += 1) {
      const key = one(keyField(form, prefix + "-" + index));
      if (!key) return found;
      found.push([key.value || "#" + index, prefix + "-" + index]);
    }
  }

  function fieldOf(place) {
    const form = formOf();
    if (!form || !place) return null;
    if (place.includes(":")) return one(form.elements.namedItem(place)) || null;
    const name = namedAt(form, place);
    return one(form.elements.namedItem(name)) || form.querySelector('[data-row-prefix="' + CSS.escape(name) + '"]');
  }

  EightD.placeOf = placeOf;
  EightD.fieldOf = fieldOf;
  EightD.rowsAt = rowsAt;
  EightD.namedAt = namedAt;
  EightD.workbench = formOf;
  EightD.place = "";

  document.addEventListener("focusin", (event) => {
    const field = event.target;
    if (!field.form || field.form !== formOf()) return;
    const place = placeOf(field);
    if (!place || place === EightD.place) return;
    EightD.place = place;
    document.body.dispatchEvent(new CustomEvent("place", { detail: { place } }));
  });

  /* Who saves by button or key goes on where they were: the page comes back with the focus in the same field. */
  const BACK_TO = "eightd-back-to:";
  document.addEventListener("submit", (event) => {
    if (event.target !== formOf() || !event.submitter || !event.submitter.hasAttribute("data-save")) return;
    try { sessionStorage.setItem(BACK_TO + window.location.pathname, EightD.place); } catch (off) { /* then at the top */ }
  }, true);
  function goBack() {
    let place = "";
    try {
      place = sessionStorage.getItem(BACK_TO + window.location.pathname);
      sessionStorage.removeItem(BACK_TO + window.location.pathname);
    } catch (off) { return; }
    const field = fieldOf(place);
    if (!field || !field.name || document.activeElement !== document.body || document.querySelector("dialog[open]")) return;
    field.focus();
    if (field.selectionEnd !== null && field.matches("textarea, input[type=text]")) field.setSelectionRange(field.value.length, field.value.length);
  }
  document.addEventListener("DOMContentLoaded", goBack);

  /* The panel of texts follows the focus while it is open: it is asked for the text that is being written. */
  let asking = 0;
  function follow() {
    const panel = document.querySelector("[data-panel-place]");
    const field = fieldOf(EightD.place);
    if (!panel || !window.htmx || !field || !field.matches("textarea, input[type=text]")) return;
    const fold = panel.closest("details");
    if ((fold && !fold.open) || panel.dataset.shown === EightD.place) return;
    window.clearTimeout(asking);
    asking = window.setTimeout(() => {
      panel.dataset.shown = EightD.place;
      const url = new URL(panel.dataset.panelPlace, window.location.href);
      url.searchParams.set("place", EightD.place);
      window.htmx.ajax("GET", url.pathname + url.search, { target: panel, swap: "innerHTML" });
    }, 300);
  }
  document.addEventListener("place", follow, true);
  document.addEventListener("toggle", follow, true);
})();
