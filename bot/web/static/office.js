// Every page works without this; with it, a form is not sent twice and a filter answers at once.

for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => {
    if (form.method !== "post") return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    setTimeout(() => delete form.dataset.sent, 8000); // a download leaves the page where it is
  });
}
for (const chosen of document.querySelectorAll("form[data-at-once] select, form[data-at-once] input[type=month]")) {
  chosen.addEventListener("change", () => chosen.form.requestSubmit());
}
for (const all of document.querySelectorAll("[data-all]")) {
  all.hidden = false;
  all.addEventListener("click", () => {
    const boxes = [...all.form.querySelectorAll(`input[type=checkbox][name="${all.dataset.all}"]`)];
    const every = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !every;
  });
}
for (const print of document.querySelectorAll("[data-print]")) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
window.addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });
