// Sends the cases ticked one by one, so that each result and the progress can be seen; without it all go at once.
(() => {
  "use strict";
  const form = document.querySelector("form[data-together]");
  if (!form || !window.fetch) return;
  const results = document.getElementById("results");
  const rows = document.getElementById("result-rows");
  const bar = document.getElementById("so-far");

  async function send(number) {
    const data = new FormData(form);
    data.delete("number");
    data.append("number", number);
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { "HX-Request": "true" } });
    if (answer.status !== 200 && answer.status !== 422) throw new Error(String(answer.status));
    const body = document.createElement("tbody");
    body.innerHTML = await answer.text();
    rows.append(...body.children);
    return answer.status === 200;
  }

  form.addEventListener("submit", async (event) => {
    const ticked = [...form.querySelectorAll("input[name=number]:checked")];
    if (!ticked.length || !form.checkValidity()) return; // the server says what is missing
    event.preventDefault();
    const button = form.querySelector("button.btn-primary");
    button.disabled = true;
    results.hidden = false;
    rows.replaceChildren();
    bar.max = ticked.length;
    bar.value = 0;
    results.scrollIntoView();
    try {
      for (const box of ticked) {
        if (!(await send(box.value))) break;
        bar.value += 1;
        box.checked = false;
        box.disabled = true;
      }
    } catch {
      form.submit(); // what was done already is not done twice
      return;
    }
    button.disabled = false;
  });
})();
