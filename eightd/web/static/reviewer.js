/* A finding leads to its place: the field takes the focus, the nearest row above it where the field is not there. */
"use strict";

(() => {
  const EightD = (window.EightD = window.EightD || {});

  /* What somebody types into: not the marks beside it, and nothing that a script has put away. */
  function typed(field) {
    if (!field.matches("textarea, select, input:not([type=hidden])") || /^(internal|other):/.test(field.name)) return false;
    return field.getClientRects().length > 0 || field.closest("details:not([open])") !== null;
  }

  function within(place) {
    const form = EightD.workbench ? EightD.workbench() : null;
    const fields = form && EightD.placeOf ? Array.from(form.elements).filter(typed) : [];
    const here = fields.filter((field) => EightD.placeOf(field).startsWith(place + "/"));
    return here.find((field) => field.matches("textarea, input[type=text]")) || here[0] || null;
  }

  function nearest(place) {
    if (!EightD.fieldOf) return null;
    for (let at = place; at; at = at.includes("/") ? at.slice(0, at.lastIndexOf("/")) : "") {
      const field = EightD.fieldOf(at);
      if (field && field.matches("input, select, textarea")) return field;
      const inside = within(at);
      if (inside) return inside;
    }
    return null;
  }

  function go(place) {
    const field = nearest(place);
    if (!field) return false;
    for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    field.scrollIntoView({ block: "center" });
    field.focus();
    return true;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-place]");
    if (link && go(link.dataset.place)) event.preventDefault();
  });

  function arrive() {
    const hash = decodeURIComponent(window.location.hash);
    if (hash.startsWith("#place:")) go(hash.slice("#place:".length));
  }
  if (document.readyState === "complete") arrive();
  else window.addEventListener("load", arrive);
})();
