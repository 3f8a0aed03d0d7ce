/* A finding leads to its place: the field takes the focus, the nearest row above it where the field is not there. */
"use strict";

(() => {
  const EightD = (window.EightD = window.EightD || {});

  function nearest(place) {
    if (!EightD.fieldOf) return null;
    for (let at = place; at; at = at.includes("/") ? at.slice(0, at.lastIndexOf("/")) : "") {
      const field = EightD.fieldOf(at);
      if (field) return field;
    }
    const form = EightD.workbench ? EightD.workbench() : null;
    const top = place.split("/")[0];
    return form ? form.querySelector("#" + CSS.escape(top) + ", [data-rows='" + CSS.escape(top) + "'], [name^='" + CSS.escape(top) + "']") : null;
  }

  function go(place) {
    const found = nearest(place);
    if (!found) return false;
    const field = found.matches("input, select, textarea, button")
      ? found
      : found.querySelector("textarea, input:not([type=hidden]), select, button");
    for (let fold = found.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    (field || found).scrollIntoView({ block: "center" });
    if (field) field.focus();
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
