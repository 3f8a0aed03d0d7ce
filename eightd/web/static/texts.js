/*
 * Text helps of a discipline's form: both languages side by side, internal marks, and texts to start from.
 *
 * The server lists the other language's fields and the marks at the end of the form, by place. Here each is put
 * beside its field; fields of rows that come later get theirs from the templates of that list. They live inside
 * the rows, so they are moved and removed with them, and keep their names, which carry the row's key.
 */
(function () {
  "use strict";

  const EightD = window.EightD;
  const form = EightD && EightD.workbench && EightD.workbench();
  const list = document.querySelector("[data-beside]");
  const REMEMBERED = "eightd.both-languages";

  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const changed = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));
  const isText = (field) => field.matches('textarea, input[type="text"]') && field.name && !field.name.includes(":");
  const last = (place) => place.slice(place.lastIndexOf("/") + 1);

  if (form && list) sideBySide();
  if (form) texts();

  function sideBySide() {
    const WITHOUT = new Set((list.dataset.withoutLanguage || "").split(" "));
    const section = list.closest(".section") || list;
    const box = form.querySelector("[data-both-languages]");
    const written = form.querySelector("[data-written-in]");
    const state = form.querySelector("[data-agreement-state]");
    const token = () => form.elements.namedItem("csrf_token").value;

    const given = (kind, place) => list.querySelector("[data-" + kind + '="' + CSS.escape(place) + '"]');
    const fresh = (kind) => list.querySelector("template[data-" + kind + "-template]").content.firstElementChild.cloneNode(true);
    const labelOf = (field) => field.getAttribute("aria-label") || (field.labels && field.labels[0] && field.labels[0].textContent.trim()) || "";

    function otherOf(place, field) {
      const made = given("other", place) || fresh("other");
      const input = made.querySelector("textarea");
      made.dataset.other = place;
      input.name = "other:" + place;
      input.setAttribute("aria-label", labelOf(field) + " · " + list.dataset.tOther);
      if (field.tagName === "INPUT" && !made.dataset.sized) input.rows = 1;
      return made;
    }

    function markOf(place, label) {
      const made = given("internal", place) || fresh("mark");
      const input = made.querySelector("input");
      made.dataset.internal = place;
      input.name = "internal:" + place;
      input.setAttribute("aria-label", made.title + ": " + label);
      made.classList.toggle("is-on", input.checked);
      return made;
    }

    function dress(field) {
      const place = EightD.placeOf(field);
      if (field.dataset.dressed === place || !place || place.includes("#") || !isText(field)) return;
      const holder = field.parentElement;
      if (field.dataset.dressed) rename(field.dataset.dressed, place); // a row that was given its key only now
      else {
        holder.classList.add("has-beside");
        const mark = markOf(place, labelOf(field));
        mark.querySelector("input").tabIndex = -1; // set from the text by Alt+I: Tab goes from text to text
        mark.title += " (Alt+I)";
        let after = field;
        if (!WITHOUT.has(last(place)) || given("other", place)) {
          const other = otherOf(place, field);
          field.after(other);
          after = other;
        }
        after.after(mark);
        field.classList.toggle("is-internal", mark.querySelector("input").checked);
      }
      field.dataset.dressed = place;
    }

    function rename(from, to) {
      for (const [kind, name] of [["other", "other:"], ["internal", "internal:"]]) {
        const found = form.querySelector("[data-" + kind + '="' + CSS.escape(from) + '"]');
        if (!found) continue;
        found.dataset[kind] = to;
        found.querySelector("textarea, input").name = name + to;
      }
    }

    function dressRow(row) {
      const key = row.querySelector(':scope > input[name$="-key"], :scope > td > input[name$="-key"], :scope input[name="' + CSS.escape(row.dataset.rowPrefix + "-key") + '"]');
      const tools = all(".row-tools, .why-tools, .row-card-head > span:last-child", row).find((one) => one.closest("[data-row]") === row);
      if (!key || !key.value || !tools || tools.querySelector("[data-internal]")) return;
      const place = EightD.placeOf(key).replace(/\/key$/, "");
      const mark = markOf(place, row.getAttribute("aria-label") || "");
      mark.classList.add("in-tools");
      mark.querySelector("input").tabIndex = -1; // set from any text of the row by Alt+Shift+I
      mark.title += " (Alt+Shift+I)";
      tools.prepend(mark);
      row.classList.toggle("is-internal", mark.querySelector("input").checked);
    }

    function dressAll() {
      all("textarea, input", form).forEach((field) => { if (isText(field) && !field.closest("[data-beside]")) dress(field); });
      all("[data-row]", form).forEach(dressRow);
      section.hidden = !list.querySelector("[data-other], [data-internal]");
      all(".beside-pair, .beside-row", list).forEach((one) => { one.hidden = !one.querySelector("[data-other], [data-internal]"); });
      languages();
    }

    function languages() {
      const own = written.value === "en" ? "en" : "zh";
      const other = own === "en" ? "zh" : "en";
      const tag = (language) => (language === "zh" ? "中文" : "English");
      all("[data-other] textarea", form).forEach((field) => { field.lang = other; field.placeholder = tag(other); });
      all("[data-dressed]", form).forEach((field) => { field.lang = own; });
    }

    function show() {
      form.classList.toggle("both-languages", box.checked);
    }

    const asked = new Map();
    let asking = 0;

    function check(place) {
      asked.set(place, true);
      window.clearTimeout(asking);
      asking = window.setTimeout(ask, 600);
    }

    async function ask() {
      const places = Array.from(asked.keys());
      asked.clear();
      const body = new FormData();
      body.set("csrf_token", token());
      for (const place of places) {
        const field = EightD.fieldOf(place);
        const other = form.querySelector('[data-other="' + CSS.escape(place) + '"] textarea');
        if (!field || !other) continue;
        body.set("text:" + place, field.value);
        body.set("other:" + place, other.value);
      }
      let found;
      try {
        const answer = await fetch(list.dataset.agreement, { method: "POST", body, headers: { Accept: "application/json" } });
        if (!answer.ok) return;
        found = await answer.json();
      } catch { return; } // it is asked again with the next change
      for (const [place, messages] of Object.entries(found)) {
        const out = form.querySelector('[data-other="' + CSS.escape(place) + '"] [data-unlike]');
        if (!out) continue;
        out.replaceChildren(...messages.map((text) => { const line = document.createElement("li"); line.textContent = text; return line; }));
      }
      count();
    }

    function count() {
      const unlike = all("[data-unlike]", form).filter((one) => one.childElementCount).length;
      const missing = all("[data-other]", form).filter((one) => {
        const field = EightD.fieldOf(one.dataset.other);
        return field && field.value.trim() && !one.querySelector("textarea").value.trim();
      }).length;
      const said = [];
      if (unlike) said.push(list.dataset.tUnlike.replace("#", unlike));
      if (missing && box.checked) said.push(list.dataset.tMissing.replace("#", missing));
      state.textContent = said.join(" · ");
      state.classList.toggle("is-unlike", Boolean(unlike));
    }

    form.addEventListener("input", (event) => {
      const place = EightD.placeOf(event.target);
      if (place.startsWith("other:")) check(place.slice("other:".length));
      else if (event.target.dataset.dressed) check(place);
    });
    form.addEventListener("change", (event) => {
      const mark = event.target.closest("[data-internal]");
      if (mark) {
        mark.classList.toggle("is-on", event.target.checked);
        const marked = mark.classList.contains("in-tools") ? mark.closest("[data-row]") : EightD.fieldOf(mark.dataset.internal);
        if (marked) marked.classList.toggle("is-internal", event.target.checked);
      }
      if (event.target === written) languages();
      if (event.target === box) {
        window.localStorage.setItem(REMEMBERED, box.checked ? "1" : "0");
        show();
        count();
      }
    });
    form.addEventListener("keydown", (event) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.isComposing || event.code !== "KeyI") return;
      const place = EightD.placeOf(event.target).replace(/^other:/, "");
      const row = event.target.closest("[data-row]");
      const mark = event.shiftKey
        ? row && all(".internal-mark.in-tools", row).filter((one) => one.closest("[data-row]") === row).map((one) => one.querySelector("input"))[0]
        : place && form.querySelector('[data-internal="' + CSS.escape(place) + '"] input');
      if (!mark) return;
      event.preventDefault();
      mark.click();
      EightD.say(list.dataset[mark.checked ? "tInternal" : "tTold"]);
    });
    new MutationObserver((records) => {
      const rows = records.some((record) => Array.from(record.addedNodes).some((node) => node.nodeType === 1
        && (node.matches("[data-row], textarea, input") || node.querySelector("[data-row], textarea, input"))
        && !node.matches("[data-other], [data-internal]")));
      if (rows) dressAll();
    }).observe(form, { childList: true, subtree: true });

    const remembered = window.localStorage.getItem(REMEMBERED);
    if (remembered !== null) box.checked = remembered === "1";
    dressAll();
    show();
    count();
  }

  /* Phrases and earlier answers of the panel are put in at the cursor: by click, or Alt+1 … Alt+9 while typing. */
  function texts() {
    const target = () => {
      const field = EightD.fieldOf(EightD.place);
      return field && field.matches("textarea, input[type=text]") ? field : null;
    };

    function put(field, text) {
      const start = field.selectionStart === null ? field.value.length : field.selectionStart;
      const before = field.value.slice(0, start);
      const after = field.value.slice(field.selectionEnd === null ? start : field.selectionEnd);
      const gap = before && !/[\s（(“"]$/.test(before) && /^[A-Za-z0-9]/.test(text) ? " " : "";
      field.value = before + gap + (field.tagName === "INPUT" ? text.replace(/\s*\n\s*/g, " ") : text) + after;
      const end = (before + gap + text).length;
      field.setSelectionRange(end, end);
      changed(field);
    }

    function insert(button, place) {
      const field = place ? EightD.fieldOf(place) : target();
      if (!field) return;
      const written = form.elements.namedItem("written_in");
      const own = written && written.value === "en" ? "en" : "zh";
      const texts = { zh: button.dataset.zh || "", en: button.dataset.en || "" };
      const isOther = field.name.startsWith("other:");
      const language = isOther === (own === "zh") ? "en" : "zh";
      put(field, texts[language] || texts[language === "zh" ? "en" : "zh"]);
      if (!isOther) {
        const other = form.elements.namedItem("other:" + EightD.placeOf(field));
        const translation = texts[language === "zh" ? "en" : "zh"];
        if (other && !other.value.trim() && texts[language] && translation) { other.value = translation; changed(other); }
      }
      field.focus();
    }

    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-insert]");
      if (button) insert(button, button.dataset.insert);
    });
    document.addEventListener("keydown", (event) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.isComposing || !/^Digit[1-9]$/.test(event.code)) return;
      const button = all("[data-texts] [data-insert]")[Number(event.code.slice(5)) - 1];
      if (!button || event.target.form !== form) return;
      event.preventDefault();
      insert(button, "");
    });
    document.addEventListener("submit", (event) => {
      const saving = event.target.closest("form[data-save-phrase]");
      if (saving) fill(saving);
    }, true);
    document.addEventListener("htmx:configRequest", (event) => {
      const saving = event.target.closest && event.target.closest("form[data-save-phrase]");
      if (!saving) return;
      fill(saving);
      for (const name of ["text_zh", "text_en"]) event.detail.parameters[name] = saving.elements.namedItem(name).value;
    });

    function fill(saving) {
      const place = (EightD.place || "").replace(/^other:/, "");
      const field = EightD.fieldOf(place);
      if (!field) return;
      const other = form.elements.namedItem("other:" + place);
      const own = (form.elements.namedItem("written_in") || {}).value === "en" ? "en" : "zh";
      saving.elements.namedItem("text_" + own).value = field.value;
      saving.elements.namedItem("text_" + (own === "en" ? "zh" : "en")).value = other ? other.value : "";
    }
  }
})();
