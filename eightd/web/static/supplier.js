/*
 * The supplier's form, saved while it is being written: a moment after the last key the whole form is sent as a draft.
 * The tab keeps what was typed as well (eightd.js), until the server has it. Words come from data-t-* of the form's
 * [data-save-state]. Without this script the button saves.
 */
(function () {
  "use strict";

  const here = document.querySelector(".rail-step.is-current"); // on a telephone the disciplines are a strip
  if (here) here.parentElement.scrollLeft = Math.max(0, here.offsetLeft - 48);

  const form = document.querySelector("form[data-door-save]");
  const shown = form && form.querySelector("[data-save-state]");
  if (!form || !shown) return;

  const PAUSE = 4000;
  const RETRY = 15000;
  let timer = 0;
  let sending = false;
  let again = false;
  let stopped = false;
  let pressed = null; // a form that waits until what is on its way has arrived, and its button

  function say(key, kind, values) {
    shown.textContent = (shown.dataset["t" + key] || "").replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? values[name] : whole));
    shown.classList.toggle("is-bad", kind === "bad");
    shown.classList.toggle("is-good", kind === "good");
  }

  function soon(delay) {
    window.clearTimeout(timer);
    if (!stopped) timer = window.setTimeout(send, delay);
  }

  function stop(key, values) {
    stopped = true;
    window.clearTimeout(timer);
    say(key, "bad", values);
  }

  const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  async function send() {
    if (sending) { again = true; return; }
    if (form.hasAttribute("data-sending")) return; // the person was faster
    sending = true;
    again = false;
    const data = new FormData(form);
    data.set("do", "save");
    data.set("idempotency_key", newKey());
    say("Saving");
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" }, credentials: "same-origin", signal: AbortSignal.timeout(20000) });
      const told = answer.headers.get("Content-Type") === "application/json" ? await answer.json() : {};
      if (answer.ok) {
        form.elements.version.value = told.version;
        say("Saved", again ? "" : "good", { time: told.at });
        if (!again) form.dispatchEvent(new CustomEvent("form:saved", { bubbles: true }));
      } else if (answer.status === 409) stop(told.stale ? "Stale" : "Refused", { reason: told.refused || "" });
      else if (answer.status === 422) say("Invalid", "bad");
      else if (answer.status === 404) stop("Gone");
      else if (answer.status === 429) { say("Offline", "bad"); soon(RETRY * 4); }
      else if (answer.status < 500) stop("Press");
      else { say("Offline", "bad"); soon(RETRY); }
    } catch (offline) {
      say("Offline", "bad");
      soon(RETRY);
    } finally {
      sending = false;
      if (pressed) {
        const held = pressed;
        pressed = null;
        held.form.requestSubmit(held.button);
      } else if (again) soon(PAUSE);
    }
  }

  // Every form of the page, the one for files too: what is typed and the version of the page that comes next belong together.
  document.addEventListener("submit", (event) => {
    window.clearTimeout(timer);
    if (!sending) return;
    event.preventDefault();
    event.stopPropagation();
    pressed = { form: event.target, button: event.submitter };
  }, true);

  ["input", "change"].forEach((name) => form.addEventListener(name, () => {
    if (stopped) return;
    again = sending;
    if (!sending) say("Typing");
    soon(PAUSE);
  }));
})();
