/*
 * Files on their way to a complaint: chosen, photographed, dropped or pasted; each with its progress and its own error.
 *
 * A box [data-evidence] takes them; words come from its data-t-* attributes. The list of what is under way lives
 * here, not in the page, so that a panel may be loaded again meanwhile. After the last file the part of the page
 * that lists the evidence (data-evidence-target) is loaded again, and nothing else: what is typed stays.
 */
(function () {
  "use strict";

  const box = () => document.querySelector("[data-evidence]");
  const items = [];
  let busy = false;
  let added = false;

  const hasFiles = (data) => Boolean(data) && Array.from(data.types || []).includes("Files");

  function key() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  /* ------------------------------------------------------------- list */

  function lineOf(file) {
    const line = element("li", "drop-file");
    const said = element("p", "drop-said small");
    said.append(element("span", "anywhere strong", file.name), element("span", "quiet", " " + word("Waiting")));
    const bar = element("progress", "drop-bar");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    line.append(said, bar);
    return line;
  }

  const word = (name) => {
    const here = box();
    return (here && here.dataset["t" + name]) || "";
  };

  function say(item, text, tone) {
    item.line.querySelector(".drop-said").lastElementChild.textContent = " " + text;
    item.line.classList.toggle("is-bad", tone === "bad");
    item.line.classList.toggle("is-good", tone === "good");
  }

  function show() {
    const list = document.querySelector("[data-evidence-list]");
    if (list) list.replaceChildren(...items.map((item) => item.line));
  }

  function forget(item) {
    items.splice(items.indexOf(item), 1);
    show();
  }

  function failed(item, text, again) {
    item.state = "failed";
    say(item, text, "bad");
    item.line.querySelector("progress").hidden = true;
    const buttons = element("p", "cluster");
    if (again) {
      const retry = element("button", "btn btn-sm", word("Again"));
      retry.type = "button";
      retry.addEventListener("click", () => {
        buttons.remove();
        item.state = "waiting";
        item.line.querySelector("progress").hidden = false;
        say(item, word("Waiting"));
        freshToken().then(next);
      });
      buttons.append(retry);
    }
    const drop = element("button", "btn btn-sm btn-quiet", word("Drop"));
    drop.type = "button";
    drop.addEventListener("click", () => forget(item));
    buttons.append(drop);
    item.line.append(buttons);
  }

  /* Whoever signed in again in another tab has another token: this very page, asked for anew, holds it. */
  function freshToken() {
    return fetch(window.location.href).then((answer) => answer.text()).then((page) => {
      const found = new DOMParser().parseFromString(page, "text/html").querySelector('meta[name="csrf-token"]');
      if (found) document.querySelector('meta[name="csrf-token"]').content = found.content;
    }).catch(() => { /* no answer: the sending says so */ });
  }

  /* ---------------------------------------------------------- sending */

  function take(files) {
    const here = box();
    if (!here) return;
    const into = document.querySelector("[data-evidence-into]");
    for (const file of files) {
      const item = {
        file, key: key(), state: "waiting", upload: here.dataset.evidenceUpload,
        discipline: into ? into.value : here.dataset.evidenceDiscipline, line: lineOf(file),
      };
      items.push(item);
      if (file.size > Number(here.dataset.limit) * 2 ** 20) failed(item, word("Large"), false);
    }
    show();
    next();
  }

  function next() {
    if (busy) return;
    const item = items.find((one) => one.state === "waiting");
    if (item) send(item);
    else if (added) reload();
  }

  function send(item) {
    busy = true;
    item.state = "sending";
    const sent = new FormData();
    sent.append("files", item.file, item.file.name);
    sent.append("discipline", item.discipline || "");
    sent.append("marker", "");
    const call = new XMLHttpRequest();
    const bar = item.line.querySelector("progress");
    call.open("POST", item.upload);
    call.setRequestHeader("Accept", "application/json");
    call.setRequestHeader("X-CSRFToken", document.querySelector('meta[name="csrf-token"]').content);
    call.setRequestHeader("Idempotency-Key", item.key); // the same again: sent twice, a file is filed once
    call.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.value = Math.round(event.loaded / event.total * 100);
      say(item, bar.value + " %");
    });
    call.addEventListener("load", () => done(item, call));
    call.addEventListener("error", () => over(item, () => failed(item, word("Failed"), true)));
    call.send(sent);
  }

  function over(item, what) {
    busy = false;
    what();
    next();
  }

  function done(item, call) {
    let answer = {};
    try { answer = JSON.parse(call.responseText); } catch (page) { /* a page, not an answer: told by its status */ }
    over(item, () => {
      if (call.status === 201) {
        item.state = "sent";
        added = true;
        say(item, word("Sent"), "good");
        item.line.querySelector("progress").value = 100;
        window.setTimeout(() => forget(item), 4000);
      } else if (answer.errors) failed(item, answer.errors.join(" "), false);
      else if (call.status === 413) failed(item, word("Large"), false);
      else if (call.status === 401 || call.status === 400 || call.responseURL.includes("/login")) failed(item, word("SignedOut"), true);
      else failed(item, word("Failed"), true);
    });
  }

  function reload() {
    const here = box();
    added = false;
    if (!here || !window.htmx) return;
    const target = here.dataset.evidenceTarget;
    window.htmx.ajax("GET", here.dataset.evidenceReload, { target, select: target, swap: "outerHTML" });
  }

  /* ------------------------------------------- button, drop and paste */

  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-evidence-files]")) return;
    take(Array.from(event.target.files));
    event.target.value = "";
  });

  const overBox = (event) => event.target instanceof Element && event.target.closest("[data-evidence], [data-panel=evidence], #evidence-list");

  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event.dataTransfer) || !box()) return;
    event.preventDefault(); // also beside the box: the browser would leave the page for the file, and what is typed
    const inside = Boolean(overBox(event));
    event.dataTransfer.dropEffect = inside ? "copy" : "none";
    box().classList.toggle("is-over", inside);
  });

  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget && box()) box().classList.remove("is-over");
  });

  document.addEventListener("drop", (event) => {
    if (!hasFiles(event.dataTransfer) || !box()) return;
    event.preventDefault();
    box().classList.remove("is-over");
    if (overBox(event)) take(Array.from(event.dataTransfer.files));
  });

  document.addEventListener("paste", (event) => {
    const given = event.clipboardData;
    if (!box() || !given || !given.files.length || event.target.closest("input[type=file]")) return;
    const writing = event.target.matches("input, textarea, [contenteditable]");
    if (writing && Array.from(given.types).some((type) => type.startsWith("text/"))) return; // cells of a table come as picture, too
    event.preventDefault();
    const stamp = new Date().toISOString().slice(0, 19).replace(/[-:]/g, "").replace("T", "-");
    take(Array.from(given.files, (file) => (file.name && file.name !== "image.png" ? file
      : new File([file], word("Pasted") + "-" + stamp + ".png", { type: file.type }))));
  });

  window.addEventListener("beforeunload", (event) => {
    if (items.some((item) => item.state === "waiting" || item.state === "sending")) { event.preventDefault(); event.returnValue = ""; }
  });

  /* A panel that is loaded again keeps what is under way; while somebody is at work in it, it is left alone. */
  document.addEventListener("htmx:afterSwap", show);
  document.addEventListener("htmx:beforeRequest", (event) => {
    const panel = event.target.closest && event.target.closest("[data-panel=evidence]");
    const auto = panel && event.target === panel && panel.children.length > 0;
    if (auto && event.detail.requestConfig.triggeringEvent && event.detail.requestConfig.triggeringEvent.type === "saved") event.preventDefault();
  });
}());
