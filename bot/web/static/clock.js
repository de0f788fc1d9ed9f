// The demo's clock: what time it is in the firm, what comes next, and three ways to get there.

import { make } from "./bubble.js";
import { clock, dayName, hour, longDay, now } from "./time.js";
import { ask, post } from "./wire.js";

const PATH = "/chat/demo/api/clock";
const MINUTE = 60_000;
const BUTTONS = [["next", "下一件事"], ["17:00", "到 17:00"], ["morning", "明早"]];
const others = new BroadcastChannel("paojie-clock");

export class ClockPanel {
  constructor(panel, moved = () => {}) {
    this.moved = moved;
    this.time = make("strong", { className: "time" });
    this.day = make("span", { className: "soft" });
    this.next = make("p", { className: "soft", role: "status" });
    this.buttons = BUTTONS.map(([to, label]) => {
      const button = make("button", { type: "button" }, label);
      button.addEventListener("click", () => this.move(to));
      return button;
    });
    panel.append(make("h2", {}, "公司现在"), make("p", {}, this.time, " ", this.day), make("div", { className: "moves" }, ...this.buttons), this.next);
    others.addEventListener("message", (event) => this.show(event.data));
    setInterval(() => this.tick(), 1000);
    this.look();
  }

  async look() {
    try {
      this.show(await ask(PATH, { timeout: 15_000 }));
    } catch {
      this.next.textContent = "时间暂时取不到。";
    }
  }

  async move(to) {
    for (const button of this.buttons) button.disabled = true;
    this.next.textContent = "正在往前走…";
    try {
      const shown = await post(PATH, { to });
      this.show(shown);
      others.postMessage(shown);
    } catch (error) {
      this.next.textContent = error.message || "没有走成，请再试一次。";
    } finally {
      for (const button of this.buttons) button.disabled = false;
    }
  }

  show(shown) {
    clock.offset = new Date(shown.now).getTime() - Date.now();
    const next = shown.next && new Date(shown.next);
    this.due = next;
    this.tick();
    this.next.textContent = next ? `下一件事：${dayName(next) === "今天" ? "" : `${longDay(next)} `}${hour(next)}` : "今天没有下一件事了。";
    this.moved();
  }

  tick() {
    this.time.textContent = hour(now());
    this.day.textContent = longDay(now());
    if (this.due && now() >= this.due && Date.now() - (this.looked || 0) > MINUTE) {
      this.looked = Date.now();
      this.look();
    }
    this.moved();
  }
}
