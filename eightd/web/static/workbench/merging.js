/*
 * What others wrote, brought into the form: fields that nobody types in here are taken over, marked and announced;
 * a field that was changed here too keeps what it holds and shows theirs beside it, until a person chooses.
 *
 *   EightD.takeOver(change, known, who)  bring a change of the server in; `known` is the content that it is told
 *                                        against and is brought up to date
 *   EightD.clash(place, theirs, who)     show what somebody else wrote beside a field
 *   EightD.held()                        the places on which nobody has decided yet
 *   EightD.words(key, values)            a sentence of the page with its {names} filled in
 *
 * Event on the form: "decided" when a person has chosen (detail: {place, theirs}).
 */
(function () {
  "use strict";

  const EightD = window.EightD;
  const form = EightD.workbench();
  if (!form) return;

  const phrases = document.querySelector("[data-words]").dataset;
  EightD.words = (key, values) => (phrases[key] || "").replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? values[name] : whole));

  const clashes = new Map(); // place → {theirs, who, box}
  EightD.held = () => Array.from(clashes.keys());

  EightD.labelOf = function (place) {
    const field = EightD.fieldOf(place);
    if (!field) return "";
    const label = field.labels && field.labels[0];
    return (label ? label.textContent : field.getAttribute("aria-label") || "").trim();
  };

  EightD.tell = function (text, ...buttons) {
    const box = EightD.notice(text, ...buttons);
    document.querySelector("[data-workbench-notices]").append(box);
    return box;
  };

  function mark(place) {
    const field = EightD.fieldOf(place);
    if (!field) return;
    field.classList.remove("taken-over");
    void field.offsetWidth; // begins the animation anew
    field.classList.add("taken-over");
    window.setTimeout(() => field.classList.remove("taken-over"), 4200);
  }

  EightD.clash = function (place, theirs, who) {
    const field = EightD.fieldOf(place);
    if (!field) return;
    const open = clashes.get(place);
    if (open) open.box.remove();
    const box = document.createElement("div");
    box.className = "conflict";
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", EightD.words("wrote", { name: who }));
    const head = document.createElement("div");
    head.className = "strong";
    head.textContent = EightD.words("wrote", { name: who });
    const text = document.createElement("div");
    text.className = "theirs";
    text.textContent = shown(field, theirs) || EightD.words("empty");
    const choice = document.createElement("div");
    choice.className = "cluster";
    choice.append(EightD.button(EightD.words("take"), () => decide(place, true)), EightD.button(EightD.words("mine"), () => decide(place, false)));
    box.append(head, text, choice);
    (field.closest(".field, td, [data-field]") || field.parentElement).append(box);
    clashes.set(place, { theirs, who, box });
    if (!open) EightD.say(EightD.words("clash", { name: who }));
  };

  const shown = (field, value) => {
    const option = field.tagName === "SELECT" && Array.from(field.options).find((one) => one.value === value);
    return option ? option.textContent : value;
  };

  function decide(place, take) {
    const { theirs, box } = clashes.get(place);
    clashes.delete(place);
    const field = EightD.fieldOf(place);
    if (take) EightD.write(place, theirs);
    box.remove();
    if (field) field.focus();
    form.dispatchEvent(new CustomEvent("decided", { detail: { place, theirs } }));
  }

  const parent = (place) => place.slice(0, Math.max(0, place.lastIndexOf("/")));

  function edited(row, now, known) {
    const under = (content) => JSON.stringify(Object.entries(content.fields).filter(([place]) => place.startsWith(row + "/")).sort());
    return under(now) !== under(known);
  }

  /* A row that was removed here and edited by somebody else comes back as it was known, with the rows inside it. */
  function bringBack(row, known) {
    const list = parent(row);
    const owner = parent(list);
    if (owner.includes("/") && !EightD.fieldOf(owner)) bringBack(owner, known);
    if (EightD.fieldOf(row) || !(known.lists[list] || []).includes(row.slice(list.length + 1)) || !EightD.makeRow(row)) return false;
    Object.keys(known.lists).filter((one) => one.startsWith(row + "/")).sort((a, b) => a.length - b.length)
      .forEach((one) => known.lists[one].forEach((key) => EightD.makeRow(one + "/" + key)));
    const under = Object.entries(known.fields).filter(([place]) => place.startsWith(row + "/"));
    under.forEach(([place, text]) => EightD.write(place, text));
    EightD.order(list, known.lists[list]);
    return true;
  }

  EightD.takeOver = function (change, known, who) {
    const before = EightD.content();
    const taken = [];
    const beside = {};
    let unseen = false;
    (change.added || []).forEach((row) => { if (!EightD.makeRow(row)) unseen = true; });
    (change.removed || []).forEach((row) => {
      if (!EightD.fieldOf(row)) return;
      if (edited(row, before, known)) return; // mine is newer: the next save brings the row back
      if (EightD.fieldOf(row).contains(document.activeElement)) return;
      EightD.dropRow(row);
      EightD.say(EightD.words("rowGone", { name: who }));
      Object.keys(known.fields).filter((place) => place.startsWith(row + "/")).forEach((place) => { delete known.fields[place]; });
      const list = row.slice(0, row.lastIndexOf("/"));
      known.lists[list] = (known.lists[list] || []).filter((key) => list + "/" + key !== row);
    });
    Object.entries(change.orders || {}).forEach(([list, keys]) => {
      EightD.order(list, keys);
      known.lists[list] = keys.slice();
    });
    Object.entries(change.fields || {}).forEach(([place, text]) => {
      if (!EightD.fieldOf(place) && !place.includes(":") && bringBack(parent(place), known)) {
        EightD.tell(EightD.words("rowKept", { name: who }));
        Object.assign(before.fields, EightD.content().fields);
      }
      const mine = before.fields[place] || "";
      const was = known.fields[place] || "";
      known.fields[place] = text;
      if (clashes.has(place)) { EightD.clash(place, text, who); return; }
      if (mine === text) return;
      if (mine !== was) { EightD.clash(place, text, who); return; }
      if (place.includes(":")) { beside[place] = text; return; }
      if (!EightD.write(place, text)) { if (text) unseen = true; return; }
      taken.push(place);
    });
    EightD.writeBeside(beside);
    taken.forEach(mark);
    (change.kept || []).forEach(() => EightD.tell(EightD.words("rowKept", { name: who })));
    if (taken.length) {
      const labels = Array.from(new Set(taken.map(EightD.labelOf).filter(Boolean)));
      EightD.say(EightD.words("changed", { name: who, fields: labels.slice(0, 4).join(", ") }));
    }
    if (unseen && !document.querySelector("[data-load-again]")) {
      const box = EightD.tell(EightD.words("changed", { name: who, fields: "…" }), EightD.button(EightD.words("loadAgain"), () => window.location.reload()));
      box.setAttribute("data-load-again", "");
    }
  };

  /* Conflicts that the server found when the form was sent without a script. */
  document.querySelectorAll("[data-conflict]").forEach((one) => {
    EightD.clash(one.dataset.conflict, one.dataset.theirs, one.dataset.who);
  });
})();
