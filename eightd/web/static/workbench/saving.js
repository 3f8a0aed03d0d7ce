/*
 * Saves what is typed while it is typed, and keeps it in this browser until the server has it.
 *
 * A save is sent 1.5 s after the last key, when a field is left, and when the page is left; one at a time. What
 * could not be sent is sent again as it was, under the same key, before anything newer: the server knows an answer
 * that got lost on the way. Until the server holds exactly what the form holds, the form's content stands in
 * localStorage under user, complaint and discipline; a page that finds some there puts it back.
 *
 *   EightD.saving.version()   the version that the form was last merged with
 *   EightD.saving.now()       save without waiting
 *   EightD.saving.arrived(change, version, who)  bring in what somebody else saved
 */
(function () {
  "use strict";

  const EightD = window.EightD;
  const form = EightD.workbench();
  if (!form) return;

  const AFTER_TYPING = 1500;
  const LONGEST_WAIT = 30000;
  const own = form.dataset;
  const KEPT = "eightd-work:" + [own.user, own.number, own.code].join(":");
  const word = EightD.words;
  const blank = () => ({ fields: {}, lists: {} });
  const copy = (content) => JSON.parse(JSON.stringify(content));

  let version = Number(own.version);
  let known = "unsaved" in own ? blank() : EightD.content(); // what the server holds, as far as we know
  let acked = copy(known); // what was sent last and has been answered
  let pending = null; // sent, and not answered
  let inFlight = null;
  let stopped = ""; // why nothing is sent any more
  let leaving = false;
  let tries = 0;
  let timer = 0;
  let refused = []; // places that the server could not make sense of

  /* ------------------------------------------------------------ the state in words */

  const line = document.querySelector("[data-save-state]");
  let said = "";
  function state(text, tone) {
    if (text === said) return;
    said = text;
    line.textContent = text;
    line.classList.toggle("is-bad", tone === "bad");
    line.classList.toggle("is-good", tone === "good");
  }

  /* ------------------------------------------------------------ what this browser keeps */

  function keep() {
    const now = EightD.content();
    if (EightD.same(now, known)) { forget(); return; }
    try { localStorage.setItem(KEPT, JSON.stringify({ version, at: Date.now(), content: now })); } catch (full) { /* the server is all there is then */ }
  }

  function forget() {
    try { localStorage.removeItem(KEPT); } catch (off) { /* nothing was kept */ }
  }

  const OLDER = KEPT + ":older"; // waits for a decision, while newer text is kept under the other name

  function kept(name) {
    try { return JSON.parse(localStorage.getItem(name)); } catch (broken) { return null; }
  }

  function offerKept() {
    if ("unsaved" in own) return; // the server gave back what was sent
    const found = kept(KEPT);
    if (found && found.content && !EightD.same(found.content, known)) {
      if (found.version === version) {
        const before = copy(known);
        EightD.restore(found.content);
        touched();
        offer(word("restored"), [word("discard"), () => { EightD.restore(before); touched(); }]);
      } else {
        try { localStorage.setItem(OLDER, JSON.stringify(found)); } catch (full) { return; }
        forget();
      }
    } else forget();
    const older = kept(OLDER);
    if (!older || !older.content) return;
    const drop = () => { try { localStorage.removeItem(OLDER); } catch (off) { /* nothing was kept */ } };
    if (EightD.same(older.content, known)) { drop(); return; }
    offer(word("kept"), [word("use"), () => {
      EightD.restore(older.content);
      setVersion(older.version); // merged by the server with what others have saved since
      known = blank();
      acked = blank();
      keep();
      drop();
      now();
    }], [word("discard"), drop]);
  }

  function offer(text, ...choices) {
    const box = EightD.notice(text, ...choices.map(([label, act]) => EightD.button(label, () => { box.remove(); act(); })));
    box.setAttribute("role", "status");
    form.prepend(box);
  }

  /* ------------------------------------------------------------ sending */

  const token = () => document.querySelector('meta[name="csrf-token"]');

  function setVersion(to) {
    version = to;
    own.version = String(to);
    form.elements.namedItem("version").value = String(to);
  }

  function setToken(csrf) {
    token().content = csrf;
    document.querySelectorAll('input[name="csrf_token"]').forEach((field) => { field.value = csrf; });
  }

  function payload() {
    const body = new FormData(form);
    Array.from(form.elements).filter((field) => field.type === "file" && field.name).forEach((field) => body.delete(field.name));
    ["do", "csrf_token"].forEach((name) => body.delete(name));
    body.set("version", String(version));
    body.set("idempotency_key", EightD.newKey() + EightD.newKey());
    EightD.held().forEach((place) => body.append("held", place));
    return { body, content: EightD.content(), version };
  }

  function send(what, last) {
    return fetch(own.autosave, {
      method: "POST", body: what.body, credentials: "same-origin", redirect: "manual", cache: "no-store",
      headers: { "X-CSRFToken": token().content, Accept: "application/json" }, keepalive: Boolean(last),
    });
  }

  const dirty = () => !EightD.same(EightD.content(), acked);

  function touched() {
    if (stopped) { keep(); return; }
    window.clearTimeout(timer);
    timer = window.setTimeout(now, AFTER_TYPING);
    if (!pending) state(word("typing"));
    keepSoon();
  }

  let keeping = 0;
  function keepSoon() {
    window.clearTimeout(keeping);
    keeping = window.setTimeout(keep, 250);
  }

  async function now() {
    window.clearTimeout(timer);
    if (inFlight || stopped || leaving) return inFlight; // the form is on its way: its version is used up
    if (!pending && !dirty()) { settle(); return null; }
    pending = pending || payload();
    keep();
    state(word("saving"));
    inFlight = attempt().finally(() => { inFlight = null; });
    await inFlight;
    if (!pending && !stopped && dirty()) touched();
    return null;
  }

  async function attempt() {
    let answer;
    try { answer = await send(pending); } catch (unreachable) { later(); return; }
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 400) { await whoIsThere(answer.status); return; }
    if (answer.status === 404) { stop(word("gone")); return; }
    if (answer.status === 413) { pending = null; stop(word("tooLarge")); return; }
    let told = null;
    try { told = await answer.json(); } catch (notOurs) { /* a page of somebody between */ }
    if (answer.status === 409 && told) { pending = null; stop(told.refused_because ? word("refused", { reason: told.refused_because }) : word("kept")); return; }
    if (answer.status !== 200 || !told) { later(); return; }
    accept(told);
  }

  function accept(told) {
    const sent = pending;
    const before = known;
    pending = null;
    tries = 0;
    setVersion(told.version);
    acked = copy(sent.content);
    known = copy(sent.content);
    refused = told.refused || [];
    [...EightD.held(), ...refused.map((one) => one.place)].forEach((place) => { known.fields[place] = before.fields[place] || ""; });
    bringIn(told, told.others || "");
    (told.conflicts || []).forEach((one) => { known.fields[one.place] = one.theirs; EightD.clash(one.place, one.theirs, one.by); });
    showRefused();
    lastSaved = word("saved", { time: told.saved_at, name: word("you") });
    keep();
    settle();
    document.body.dispatchEvent(new CustomEvent("saved", { detail: { version, at: told.saved_at } }));
  }

  /* What the server tells is against `acked`; what is typed since stays dirty. */
  function bringIn(change, who) {
    const clean = !dirty();
    EightD.takeOver(change, known, who);
    if (clean) queueMicrotask(() => { acked = EightD.content(); }); // after what stands beside the fields
    if (clean) acked = EightD.content();
    else {
      const held = EightD.content().fields;
      Object.entries(change.fields || {}).forEach(([place, text]) => { if ((held[place] || "") === text) acked.fields[place] = text; });
    }
  }

  let lastSaved = "";
  function settle() {
    if (refused.length) state(word("notTaken", { fields: refused.map((one) => EightD.labelOf(one.place) + ": " + one.message).join("; ") }), "bad");
    else if (EightD.held().length) state(word("waiting"), "bad");
    else if (lastSaved) state(lastSaved, "good");
  }

  function showRefused() {
    form.querySelectorAll("[data-not-taken]").forEach((field) => { field.removeAttribute("aria-invalid"); field.removeAttribute("data-not-taken"); });
    refused.forEach((one) => {
      const field = EightD.fieldOf(one.place);
      if (field) { field.setAttribute("aria-invalid", "true"); field.setAttribute("data-not-taken", ""); }
    });
  }

  function later() {
    tries += 1;
    state(word("offline"), "bad");
    window.clearTimeout(timer);
    timer = window.setTimeout(now, Math.min(LONGEST_WAIT, 1000 * 2 ** tries));
  }

  function stop(text) {
    stopped = text;
    keep();
    state(text, "bad");
    EightD.say(text);
  }

  /* ------------------------------------------------------------ signed out in the middle of a text */

  let asking = false;
  async function whoIsThere(status) {
    let told;
    try { told = await (await fetch(own.session, { credentials: "same-origin", cache: "no-store" })).json(); } catch (unreachable) { later(); return; }
    setToken(told.csrf);
    if (String(told.user) === own.user) {
      if (asking) document.getElementById("sign-in-again").close();
      tries += 1;
      if (status === 400 && tries > 2) { pending = null; later(); return; } // the form itself is refused: made anew
      window.clearTimeout(timer);
      timer = window.setTimeout(now, 50);
      return;
    }
    keep();
    if (told.user) { state(word("another"), "bad"); return; }
    state(word("signedOut"), "bad");
    if (!asking) { asking = true; EightD.openDialog("sign-in-again"); }
  }

  document.getElementById("sign-in-again").addEventListener("close", () => { asking = false; });
  const again = document.querySelector("[data-sign-in-again]");
  again.addEventListener("submit", async (event) => {
    event.preventDefault();
    const error = document.getElementById("f-again-error");
    const body = new FormData(again);
    body.append("csrf_token", token().content);
    body.append("idempotency_key", EightD.newKey() + EightD.newKey());
    error.hidden = true;
    let answer = null;
    try { answer = await fetch(own.signIn, { method: "POST", body, credentials: "same-origin", redirect: "manual" }); } catch (unreachable) { /* told below */ }
    again.elements.password.value = "";
    if (!answer || answer.type !== "opaqueredirect") {
      error.textContent = answer ? word("wrong") : word("offline");
      error.hidden = false;
      again.elements.password.focus();
      return;
    }
    await whoIsThere(0);
  });

  function comeBack() {
    if (document.visibilityState === "hidden" || stopped) return;
    if (asking) whoIsThere(0);
    else if (pending || dirty()) now();
  }

  /* ------------------------------------------------------------ when */

  const heard = (event) => {
    if (EightD.applying || leaving || event.target.closest("[data-sign-in-again]")) return;
    if (event.target.form !== form && !form.contains(event.target)) return;
    touched();
  };
  document.addEventListener("input", heard);
  document.addEventListener("change", heard);
  form.addEventListener("focusout", (event) => { if (event.target.name && !pending && !stopped && dirty()) now(); });
  form.addEventListener("decided", (event) => { known.fields[event.detail.place] = event.detail.theirs; acked.fields[event.detail.place] = event.detail.theirs; keep(); now(); });

  form.addEventListener("submit", (event) => {
    window.clearTimeout(timer);
    if (inFlight) { // its answer brings the version that this must be made from
      event.preventDefault();
      event.stopImmediatePropagation();
      const pressed = event.submitter;
      inFlight.finally(() => window.setTimeout(() => form.requestSubmit(pressed), 0));
      return;
    }
    keep();
    leaving = true;
  });

  window.addEventListener("online", comeBack);
  window.addEventListener("focus", comeBack);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leave(); else comeBack(); });
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", (event) => { if (event.persisted) { leaving = false; comeBack(); } });

  /* The page may not come back: what is typed is kept here and sent on its way, the answer is nobody's business. */
  function leave() {
    if (leaving) return;
    keep();
    if (stopped || inFlight || pending || !dirty()) return;
    pending = payload();
    inFlight = send(pending, true).then(async (answer) => { if (answer.status === 200) accept(await answer.json()); }, () => null)
      .finally(() => { inFlight = null; });
  }

  EightD.saving = {
    version: () => version,
    now,
    stop,
    idle: () => !pending && !inFlight && !stopped,
    arrived(change, to, who) { setVersion(to); bringIn(change, who); keep(); },
  };

  offerKept();
  if ("unsaved" in own) { acked = blank(); touched(); }
})();
