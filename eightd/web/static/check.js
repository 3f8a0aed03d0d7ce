/*
 * Compares the file in somebody's hand with those made of a revision: its SHA-256 is computed here and sent nowhere.
 *
 * Browsers offer their own SHA-256 on secure connections only; elsewhere it is computed below.
 */
(function () {
  "use strict";

  const hex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");

  async function sha256(bytes) {
    if (window.crypto && window.crypto.subtle) {
      return hex(new Uint8Array(await window.crypto.subtle.digest("SHA-256", bytes)));
    }
    return hex(computed(bytes));
  }

  /* FIPS 180-4: the constants are the fractions of the square and cube roots of the first primes. */
  function computed(bytes) {
    const roots = [];
    const state = [];
    for (let number = 2; roots.length < 64; number++) {
      let prime = true;
      for (let divisor = 2; divisor * divisor <= number; divisor++) if (number % divisor === 0) prime = false;
      if (!prime) continue;
      if (state.length < 8) state.push(fraction(Math.sqrt(number)));
      roots.push(fraction(Math.cbrt(number)));
    }
    const length = bytes.length;
    const padded = new Uint8Array(((length + 8) >> 6 << 6) + 64);
    padded.set(bytes);
    padded[length] = 0x80;
    const view = new DataView(padded.buffer);
    view.setUint32(padded.length - 8, Math.floor(length / 0x20000000));
    view.setUint32(padded.length - 4, (length << 3) >>> 0);
    const words = new Uint32Array(64);
    for (let start = 0; start < padded.length; start += 64) {
      for (let at = 0; at < 16; at++) words[at] = view.getUint32(start + at * 4);
      for (let at = 16; at < 64; at++) {
        const before = words[at - 15];
        const last = words[at - 2];
        const first = turned(before, 7) ^ turned(before, 18) ^ (before >>> 3);
        const second = turned(last, 17) ^ turned(last, 19) ^ (last >>> 10);
        words[at] = words[at - 16] + first + words[at - 7] + second;
      }
      round(state, words, roots);
    }
    const made = new Uint8Array(32);
    const out = new DataView(made.buffer);
    state.forEach((word, at) => out.setUint32(at * 4, word));
    return made;
  }

  const fraction = (value) => ((value - Math.floor(value)) * 0x100000000) >>> 0;
  const turned = (word, by) => (word >>> by) | (word << (32 - by));

  function round(state, words, roots) {
    let [a, b, c, d, e, f, g, h] = state;
    for (let at = 0; at < 64; at++) {
      const third = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
      const one = (h + third + ((e & f) ^ (~e & g)) + roots[at] + words[at]) >>> 0;
      const fourth = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
      const two = (fourth + ((a & b) ^ (a & c) ^ (b & c))) >>> 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) >>> 0, c, b, a, (one + two) >>> 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, at) => { state[at] = (state[at] + word) >>> 0; });
  }

  for (const box of document.querySelectorAll("[data-check-file]")) {
    const answer = box.querySelector("[data-check-answer]");
    const shown = box.querySelector("[data-check-hash]");
    const known = new Set(box.dataset.hashes.split(" "));
    box.querySelector("[data-check-input]").addEventListener("change", async (event) => {
      const file = event.target.files[0];
      shown.textContent = "";
      answer.textContent = "";
      answer.className = "strong";
      if (!file) return;
      answer.textContent = answer.dataset.saidWorking;
      try {
        const found = await sha256(new Uint8Array(await file.arrayBuffer()));
        const same = known.has(found);
        shown.textContent = found;
        answer.textContent = same ? answer.dataset.saidSame : answer.dataset.saidOther;
        answer.classList.add(same ? "text-green" : "text-red");
      } catch {
        answer.textContent = answer.dataset.saidUnreadable;
        answer.classList.add("text-red");
      }
    });
  }

  window.EightD = Object.assign(window.EightD || {}, { sha256Computed: (bytes) => hex(computed(bytes)) });
})();
