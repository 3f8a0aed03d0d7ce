/*
 * Drawing on a picture: the rows of the form are the drawing, the canvas shows them and adds to them.
 *
 * Whoever draws makes a row; whoever changes a number sees it on the picture. What is seen here is a sketch: the
 * program draws the marks onto the original when they are saved.
 */
(function () {
  "use strict";

  const form = document.querySelector("form[data-marks]");
  if (!form) return;
  const picture = form.querySelector("[data-marks-picture]");
  const canvas = form.querySelector("[data-marks-canvas]");
  const paper = canvas.getContext("2d");
  const rows = form.querySelector('[data-rows="marks"]');
  const INK = { red: "#d01521", yellow: "#ffd600", blue: "#0b50d0", green: "#0e7a36", white: "#ffffff", black: "#101010" };
  const edgeOf = (colour) => (colour === "yellow" || colour === "white" ? "#101010" : "#ffffff");
  const history = [];
  let drawing = null;

  const list = () => Array.from(rows.querySelectorAll("[data-row-list] > [data-row]"));
  const field = (row, name) => row.querySelector(`[name="${row.dataset.rowPrefix}-${name}"]`);
  const say = (text) => { const live = document.getElementById("live"); if (live) live.textContent = text; };

  function markOf(row) {
    const number = (name) => Number(field(row, name).value || 0) / 100;
    return { kind: field(row, "kind").value, x1: number("x1"), y1: number("y1"), x2: number("x2"), y2: number("y2"),
      colour: field(row, "colour").value, text: field(row, "text").value };
  }

  function write(row, mark) {
    for (const name of ["x1", "y1", "x2", "y2"]) field(row, name).value = String(Math.round(mark[name] * 10000) / 100);
    field(row, "kind").value = mark.kind;
    field(row, "colour").value = mark.colour;
    field(row, "text").value = mark.text || "";
  }

  function add(mark) {
    const asked = new CustomEvent("rows:add", { bubbles: true, detail: {} });
    rows.dispatchEvent(asked);
    const row = asked.detail.row;
    if (row) write(row, mark);
    return row;
  }

  /* ---------------------------------------------------------- showing */

  function fit() {
    const box = picture.getBoundingClientRect();
    const dense = window.devicePixelRatio || 1;
    canvas.width = Math.max(1, Math.round(box.width * dense));
    canvas.height = Math.max(1, Math.round(box.height * dense));
    show();
  }

  function show() {
    paper.clearRect(0, 0, canvas.width, canvas.height);
    const marks = list().map(markOf);
    if (drawing) marks.push(drawing);
    marks.filter((mark) => mark.kind === "blur").forEach(blur);
    marks.filter((mark) => mark.kind !== "blur").forEach((mark) => ({ arrow, box, text }[mark.kind] || (() => {}))(mark));
  }

  const line = () => Math.max(2, Math.max(canvas.width, canvas.height) * 0.006);
  const corners = (mark) => [Math.min(mark.x1, mark.x2) * canvas.width, Math.min(mark.y1, mark.y2) * canvas.height,
    Math.abs(mark.x2 - mark.x1) * canvas.width, Math.abs(mark.y2 - mark.y1) * canvas.height];

  function blur(mark) {
    const [x, y, width, height] = corners(mark);
    if (width < 1 || height < 1) return;
    const cell = Math.max(Math.max(width, height) / 8, Math.max(canvas.width, canvas.height) * 0.016);
    const cells = [Math.max(1, Math.round(width / cell)), Math.max(1, Math.round(height / cell))];
    const small = document.createElement("canvas");
    [small.width, small.height] = cells;
    const of = picture.naturalWidth / canvas.width;
    small.getContext("2d").drawImage(picture, x * of, y * of, width * of, height * of, 0, 0, cells[0], cells[1]);
    paper.imageSmoothingEnabled = true;
    paper.drawImage(small, 0, 0, cells[0], cells[1], x, y, width, height);
    paper.setLineDash([6, 4]);
    paper.strokeStyle = "#101010";
    paper.lineWidth = 1;
    paper.strokeRect(x, y, width, height);
    paper.setLineDash([]);
  }

  function box(mark) {
    const [x, y, width, height] = corners(mark);
    paper.lineJoin = "miter";
    paper.strokeStyle = edgeOf(mark.colour);
    paper.lineWidth = line() * 1.9;
    paper.strokeRect(x, y, width, height);
    paper.strokeStyle = INK[mark.colour];
    paper.lineWidth = line();
    paper.strokeRect(x, y, width, height);
  }

  function arrow(mark) {
    const tail = [mark.x1 * canvas.width, mark.y1 * canvas.height];
    const tip = [mark.x2 * canvas.width, mark.y2 * canvas.height];
    const length = Math.hypot(tip[0] - tail[0], tip[1] - tail[1]);
    if (length < 2) return;
    const head = Math.min(line() * 5, length * 0.6);
    const along = [(tip[0] - tail[0]) / length, (tip[1] - tail[1]) / length];
    const at = (back, aside) => [tip[0] - along[0] * back - along[1] * aside, tip[1] - along[1] * back + along[0] * aside];
    const half = line() / 2;
    const wing = head * 0.55;
    paper.beginPath();
    [[0, 0], [head, wing], [head, half], [length, half], [length, -half], [head, -half], [head, -wing]]
      .forEach(([back, aside], index) => (index ? paper.lineTo(...at(back, aside)) : paper.moveTo(...at(back, aside))));
    paper.closePath();
    paper.lineJoin = "round";
    paper.strokeStyle = edgeOf(mark.colour);
    paper.lineWidth = line() * 0.9;
    paper.stroke();
    paper.fillStyle = INK[mark.colour];
    paper.fill();
  }

  function text(mark) {
    const letter = Math.max(10, Math.max(canvas.width, canvas.height) * 0.032);
    const pad = letter * 0.35;
    paper.font = "700 " + letter + "px sans-serif";
    const shown = mark.text || "…";
    const width = Math.min(canvas.width, paper.measureText(shown).width + 2 * pad);
    const left = Math.max(0, Math.min(mark.x1 * canvas.width, canvas.width - width));
    const top = Math.max(0, Math.min(mark.y1 * canvas.height, canvas.height - letter * 1.65));
    paper.fillStyle = INK[mark.colour];
    paper.fillRect(left, top, width, letter * 1.3 + pad);
    paper.strokeStyle = edgeOf(mark.colour);
    paper.lineWidth = line() * 0.45;
    paper.strokeRect(left, top, width, letter * 1.3 + pad);
    paper.fillStyle = edgeOf(mark.colour);
    paper.textBaseline = "alphabetic";
    paper.fillText(shown, left + pad, top + pad / 2 + letter * 1.05, width - 2 * pad);
  }

  /* ---------------------------------------------------------- drawing */

  function place(event) {
    const box_ = canvas.getBoundingClientRect();
    const within = (value) => Math.max(0, Math.min(1, value));
    return [within((event.clientX - box_.left) / box_.width), within((event.clientY - box_.top) / box_.height)];
  }

  const tool = () => document.querySelector("[data-marks-tool]:checked").value;

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    const [x, y] = place(event);
    drawing = { kind: tool(), x1: x, y1: y, x2: x, y2: y, colour: document.querySelector("[data-marks-colour]").value, text: "" };
    show();
  });

  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    [drawing.x2, drawing.y2] = place(event);
    show();
  });

  canvas.addEventListener("pointerup", () => {
    const mark = drawing;
    drawing = null;
    if (!mark) return;
    const wide = Math.abs(mark.x2 - mark.x1);
    const high = Math.abs(mark.y2 - mark.y1);
    const seen = mark.kind === "text" || (mark.kind === "arrow" ? Math.hypot(wide, high) : Math.min(wide, high)) >= 0.005;
    if (seen) {
      const row = add(mark);
      settle();
      if (row && mark.kind === "text") {
        field(row, "text").focus();
        say(form.dataset.tText);
      } else if (row) say(form.dataset.tShape.replace("{number}", String(list().length)));
    }
    show();
  });

  canvas.addEventListener("pointercancel", () => { drawing = null; show(); });

  /* Whatever changed the rows, by hand or by drawing, can be undone. */
  const drawn = () => JSON.stringify(list().map(markOf));
  let last = drawn();
  let undoing = false;

  function settle() {
    if (undoing) return;
    const now = drawn();
    if (now !== last) history.push(last);
    last = now;
    show();
  }

  function undo() {
    const before = history.pop();
    if (before === undefined) { say(form.dataset.tNothing); return; }
    const marks = JSON.parse(before);
    undoing = true;
    while (list().length > marks.length) list().pop().dispatchEvent(new CustomEvent("rows:remove", { bubbles: true }));
    marks.forEach((mark, at) => { const row = list()[at]; if (row) write(row, mark); else add(mark); });
    undoing = false;
    last = drawn();
    say(form.dataset.tUndone);
    show();
  }

  form.querySelector("[data-marks-undo]").addEventListener("click", undo);
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.target.matches("input:not([type=radio]), textarea")) {
      event.preventDefault();
      undo();
    }
  });

  rows.addEventListener("change", settle);
  rows.addEventListener("input", show);

  if (picture.complete && picture.naturalWidth) fit();
  picture.addEventListener("load", fit);
  window.addEventListener("resize", fit);
}());
