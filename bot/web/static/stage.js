// The demo's stage: two phones, and who holds them.

import { ClockPanel } from "./clock.js";
import { clock } from "./time.js";

clock.zone = document.body.dataset.zone;
new ClockPanel(document.querySelector("[data-clock]"));

const sides = [...document.querySelectorAll("select[data-side]")];
for (const side of sides) {
  side.addEventListener("change", () => {
    location.search = new URLSearchParams(sides.map((each) => [each.dataset.side, each.value]));
  });
}
