// The conversation: entries in the order of their times, days between them, old buttons greyed, the newest in sight.

import { make, promptBubble, refusedNote, saidBubble, stamp } from "./bubble.js";
import { dayName, dayOf, now } from "./time.js";

const NEAR = 120;
const SECOND_TAP = 4000;
const $ = (id) => document.getElementById(id);

export class Log {
  // `on`: tap(prompt, option), want(what, value), again(entry), drop(entry)
  constructor(wire, on) {
    this.wire = wire;
    this.on = { ...on, view, grown: () => this.stuck && this.toEnd() };
    this.entries = new Map();
    this.tapped = new Set();
    this.list = $("log");
    this.scroller = $("scroller");
    this.stuck = true;
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    $("newest").addEventListener("click", () => this.toEnd(true));
  }

  get sorted() {
    return [...this.list.querySelectorAll("li[data-key]")].map((item) => this.entries.get(item.dataset.key));
  }

  // The oldest prompt and the oldest own message that the server knows.
  get oldest() {
    const ids = (kind) => [...this.entries.values()].filter((entry) => entry.kind === kind && entry.no).map((entry) => entry.no);
    return [Math.min(...ids("prompt"), Number.MAX_SAFE_INTEGER), Math.min(...ids("said"), Number.MAX_SAFE_INTEGER)];
  }

  // Of what was kept or fetched; `older` leaves the view where it is.
  show(page, older = false) {
    const height = this.scroller.scrollHeight;
    const known = this.entries.size;
    for (const said of page.said) this.said(said);
    for (const prompt of page.prompts) this.prompt(prompt);
    this.settle();
    if (older) this.scroller.scrollTop += this.scroller.scrollHeight - height;
    else if (this.entries.size > known) this.news();
  }

  prompt(prompt) {
    const key = `p${prompt.id}`;
    if (this.entries.has(key)) return;
    const at = new Date(prompt.at);
    this.place({ key, kind: "prompt", no: prompt.id, order: [at.getTime(), 1, prompt.id], at, raw: prompt, item: promptBubble(prompt, at, this.wire, this.on) });
  }

  said(said) {
    const key = `s${said.id.toLowerCase()}`;
    const received = new Date(said.at);
    const order = [received.getTime(), 0, said.no];
    const view = { state: "sent", at: new Date(said.said_at), received };
    const known = this.entries.get(key);
    if (said.tap) this.tapped.add(said.tap);
    if (known) {
      Object.assign(known, { no: said.no, raw: said, order, at: received });
      stamp(known.item, view);
      this.place(known);
      return;
    }
    const file = said.blob ? { source: this.wire.file(said.blob.sha256), kind: said.blob.kind, name: "" } : {};
    const item = saidBubble({ ...view, ...file, text: said.text, place: said.place, label: said.tap && this.labelOf(said.tap) }, this.on);
    this.place({ key, kind: "said", no: said.no, order, at: received, raw: said, item });
  }

  // Not sent yet: stands below everything, in its own order.
  waiting(entry) {
    const key = `s${entry.id}`;
    if (entry.tap) this.tapped.add(entry.tap);
    const view = { ...entry, at: new Date(entry.at), state: entry.refused ? "refused" : "waiting", source: entry.file ? "" : entry.blob && this.wire.file(entry.blob.sha256) };
    const item = saidBubble(view, this.on);
    this.place({ key, kind: "said", no: 0, order: [Infinity, 0, entry.seq], at: view.at, item });
    if (entry.refused) this.refused(entry);
    this.settle();
    this.toEnd();
  }

  // Committed; the page that follows brings its exact time and moves it, if need be.
  sent(entry, answer) {
    const known = this.entries.get(`s${entry.id}`);
    if (!known || known.no) return;
    const received = new Date(answer.now);
    Object.assign(known, { order: [received.getTime(), 0, answer.no], at: received });
    stamp(known.item, { state: "sent", at: new Date(entry.at), received });
    this.place(known);
    this.settle();
  }

  refused(entry) {
    const item = this.entries.get(`s${entry.id}`)?.item;
    if (!item) return;
    stamp(item, { state: "refused", at: new Date(entry.at) });
    refusedNote(item, entry.refused, { again: () => this.on.again(entry), drop: () => this.on.drop(entry) });
    this.toEnd();
  }

  drop(entry) {
    this.entries.get(`s${entry.id}`)?.item.remove();
    this.entries.delete(`s${entry.id}`);
    this.settle();
  }

  place(entry) {
    this.entries.set(entry.key, entry);
    entry.item.dataset.key = entry.key;
    entry.item.remove();
    let after = this.list.lastElementChild;
    while (after && (!after.dataset.key || before(entry.order, this.entries.get(after.dataset.key).order))) after = after.previousElementSibling;
    if (after) after.after(entry.item);
    else this.list.prepend(entry.item);
  }

  labelOf(token) {
    for (const entry of this.entries.values()) {
      const option = entry.raw?.options?.find((each) => each.token === token);
      if (option) return option.label;
    }
    return "（点了按钮）";
  }

  settle() {
    for (const line of this.list.querySelectorAll(".day")) line.remove();
    let last = "";
    for (const entry of this.sorted) {
      const day = dayOf(entry.order[0] === Infinity ? now() : entry.at);
      if (day !== last) entry.item.before(make("li", { className: "day" }, make("span", {}, dayName(entry.at))));
      last = day;
    }
    this.fade();
    $("empty").hidden = this.entries.size > 0;
  }

  // A form's question is answered by the next one; a card keeps its buttons, the tapped one marked.
  fade() {
    const asked = this.sorted.filter((entry) => entry.kind === "prompt" && entry.raw.options.length);
    const question = asked.findLast((entry) => entry.raw.ref);
    const newest = this.sorted.findLast((entry) => entry.kind === "prompt");
    for (const { item, raw } of this.sorted.filter((entry) => entry.kind === "prompt")) {
      const tapped = raw.options.some((option) => this.tapped.has(option.token));
      const old = Boolean(raw.ref) && raw.options.length > 0 && (item !== question.item || tapped);
      item.classList.toggle("old", old);
      item.classList.toggle("used", tapped && !old);
      for (const button of item.querySelectorAll(".option[data-token]")) {
        button.classList.toggle("chosen", this.tapped.has(button.dataset.token));
        button.disabled = old || Number(button.dataset.until || 0) > Date.now();
      }
      this.helpers(item, raw, item === newest.item && !old);
    }
  }

  // What the newest question wants, as a large button.
  helpers(item, prompt, live) {
    const row = item.querySelector(".wants");
    const wanted = live ? prompt.wants.filter((what) => WANTED[what]) : [];
    if (row.dataset.shown === wanted.join()) return;
    row.dataset.shown = wanted.join();
    row.replaceChildren(...wanted.flatMap((what) => WANTED[what](this.on.want)));
  }

  // A double click is one tap.
  once(prompt, token) {
    if (this.tapped.has(token) && (prompt.ref || this.justTapped === token)) return false;
    this.tapped.add(token);
    this.justTapped = token;
    for (const button of this.list.querySelectorAll(".option[data-token]")) {
      if (button.dataset.token !== token) continue;
      button.dataset.until = String(Date.now() + SECOND_TAP);
      setTimeout(() => this.fade(), SECOND_TAP + 50);
    }
    setTimeout(() => {
      if (this.justTapped === token) this.justTapped = "";
    }, SECOND_TAP);
    this.fade();
    return true;
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    this.stuck = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.stuck) $("newest").hidden = true;
  }

  news() {
    if (this.stuck) this.toEnd();
    else $("newest").hidden = false;
  }

  toEnd(smooth = false) {
    this.stuck = true;
    $("newest").hidden = true;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth ? "smooth" : "instant" });
  }
}

function before(one, other) {
  for (let place = 0; place < one.length; place++) if (one[place] !== other[place]) return one[place] < other[place];
  return false;
}

function helper(label, act) {
  const button = make("button", { type: "button", className: "want" }, label);
  button.addEventListener("click", act);
  return button;
}

const WANTED = {
  photo: (want) => [helper("拍照", () => want("camera")), helper("从相册选", () => want("album"))],
  place: (want) => [helper("发送位置", () => want("place"))],
  voice: (want) => [helper("录一段语音", () => want("voice"))],
  day: (want) => {
    const input = make("input", { type: "date", "aria-label": "选日期" });
    input.addEventListener("change", () => input.value && want("day", input.value));
    return [make("label", { className: "want" }, "选日期", input)];
  },
};

function view(source) {
  const dialog = $("viewer");
  dialog.querySelector("img").src = source;
  dialog.showModal();
}
