/*
 * Tells the server every few seconds that this person has the discipline open and in which field, shows who else
 * has, and brings in what they saved. Keys of the workbench, too: Alt with Page Up and Page Down changes discipline.
 */
(function () {
  "use strict";

  const EightD = window.EightD;
  const form = EightD.workbench();

  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || !["PageUp", "PageDown"].includes(event.key)) return;
    const links = Array.from(document.querySelectorAll(".rail-link"));
    const here = links.findIndex((link) => link.getAttribute("aria-current"));
    const next = links[here + (event.key === "PageUp" ? -1 : 1)];
    if (next) { event.preventDefault(); next.click(); }
  });

  const current = document.querySelector(".rail-step.is-current");
  const strip = current && current.parentElement;
  if (strip && strip.scrollWidth > strip.clientWidth) strip.scrollLeft = current.offsetLeft - strip.offsetLeft - 8;

  if (!form) return;

  const EVERY = 12000;
  const own = form.dataset;
  const box = document.querySelector("[data-presence]");
  const names = document.querySelector("[data-presence-names]");
  let timer = 0;
  let shown = "";
  let elsewhere = [];

  function show(people) {
    const said = people.map((one) => {
      const label = one.place ? EightD.labelOf(one.place) : "";
      return label ? EightD.words("hereIn", { name: one.name, field: label }) : EightD.words("here", { name: one.name });
    }).join(EightD.words("andJoin"));
    elsewhere.forEach((field) => field.classList.remove("is-elsewhere"));
    elsewhere = people.map((one) => EightD.fieldOf(one.place)).filter((field) => field && field.name);
    elsewhere.forEach((field) => field.classList.add("is-elsewhere"));
    if (said === shown) return;
    const came = people.length && !shown;
    shown = said;
    names.textContent = said;
    box.hidden = !people.length;
    if (came) EightD.say(said);
  }

  function told(leaving) {
    const body = new FormData();
    body.append("version", String(EightD.saving.version()));
    body.append("csrf_token", document.querySelector('meta[name="csrf-token"]').content);
    const focused = document.activeElement && document.activeElement.form === form;
    body.append("place", focused ? EightD.place : "");
    if (leaving) body.append("leaving", "1");
    return body;
  }

  async function beat() {
    window.clearTimeout(timer);
    timer = window.setTimeout(beat, EVERY);
    if (document.visibilityState === "hidden") return;
    let answer;
    try {
      answer = await fetch(own.there, { method: "POST", body: told(false), credentials: "same-origin", redirect: "manual", cache: "no-store" });
    } catch (unreachable) { return; }
    if (answer.status !== 200) return;
    const news = await answer.json();
    show(news.people);
    if (news.version <= EightD.saving.version() || !EightD.saving.idle()) return;
    if (news.state && !["open", "draft", "returned"].includes(news.state)) {
      EightD.saving.stop(EightD.words("movedOn", { name: news.saved_by || EightD.words("other") }));
      return;
    }
    if (news.fields) EightD.saving.arrived(news, news.version, news.saved_by);
  }

  window.addEventListener("pagehide", () => navigator.sendBeacon(own.there, told(true)));
  window.addEventListener("pageshow", (event) => { if (event.persisted) beat(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") beat(); });
  document.body.addEventListener("place", () => { window.clearTimeout(timer); timer = window.setTimeout(beat, 1500); });

  EightD.beat = beat;
  beat();
})();
