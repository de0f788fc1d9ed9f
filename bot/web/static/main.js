// The page: who is here, what was said, what waits; the rest is in the modules it joins.

import { Composer, menuButton, note } from "./composer.js";
import { ClockPanel } from "./clock.js";
import { atTheDoor } from "./door.js";
import { Line } from "./line.js";
import { Log } from "./log.js";
import { openStore } from "./store.js";
import { clock, hour, now } from "./time.js";
import { LoggedOut, uuid, Wire } from "./wire.js";

const $ = (id) => document.getElementById(id);
const { base, zone, demo, who: fixed } = document.body.dataset;
const inDemo = demo !== undefined;
const ME = `paojie.me.${fixed || ""}`;
const QUIET = 1500; // a short gap in the signal is nobody's concern

clock.zone = zone;

class Page {
  constructor(wire, me, store) {
    Object.assign(this, { wire, me, store });
    this.log = new Log(wire, {
      tap: (prompt, option) => this.log.once(prompt, option.token) && this.say({ tap: option.token, label: option.label }),
      want: (what, value) => this.composer.want(what, value),
      again: (entry) => this.again(entry),
      drop: (entry) => this.drop(entry),
    });
    this.composer = new Composer(me.account, (message) => this.say(message));
    this.line = new Line(wire, store, me.account, {
      page: (page, first) => this.page(page, first),
      connected: (yes) => this.connected(yes),
      sent: (entry, answer) => this.log.sent(entry, answer),
      refused: (entry) => this.log.refused(entry),
      loggedOut: () => location.reload(),
    });
  }

  async open() {
    this.named();
    $("app").hidden = false;
    const seen = (await this.store.seen()).sort((one, other) => one.order[0] - other.order[0] || one.order[1] - other.order[1] || one.order[2] - other.order[2]);
    this.log.show({ prompts: seen.filter((entry) => entry.kind === "prompt").map((entry) => entry.raw), said: seen.filter((entry) => entry.kind === "said").map((entry) => entry.raw) });
    this.cached = seen.length;
    for (const entry of await this.store.waiting()) this.log.waiting(entry);
    this.log.toEnd();
    this.line.pump();
    this.line.listen();
  }

  named() {
    $("who").textContent = [this.me.name, this.me.roles[0]].filter(Boolean).join(" · ");
    $("drawer-who").textContent = this.me.name;
    document.title = `跑街 · ${this.me.name}`;
    $("welcome").textContent = this.me.welcome;
    $("example").textContent = this.me.example;
    $("menu-items").replaceChildren(...this.me.menu.map((item) => menuButton(item, () => this.choose(item))));
  }

  choose(item) {
    $("drawer").close();
    if (item.say) this.say({ text: item.say });
    else this.composer.fill(item.fill, true);
  }

  async say(message) {
    const entry = { ...message, id: uuid(), at: now().toISOString() };
    try {
      this.log.waiting(await this.line.say(entry));
    } catch {
      note("手机里存不下了，请先清出一点空间再发。");
    }
  }

  async page(page, first) {
    if (inDemo) clock.offset = new Date(page.now).getTime() - Date.now();
    if (first) this.begun(page);
    this.log.show(page);
    if (page.prompts.length || page.said.length || first) {
      const whole = this.log.sorted.filter((entry) => entry.no).map(({ key, kind, order, raw }) => ({ key, kind, order, raw }));
      await this.store.keep(whole).catch(() => {});
    }
  }

  // What was kept from long ago may have a gap before what is new: then the new page stands alone.
  begun(page) {
    const keys = [...page.prompts.map((prompt) => `p${prompt.id}`), ...page.said.map((said) => `s${said.id.toLowerCase()}`)];
    if (this.cached && keys.length && !keys.some((key) => this.log.entries.has(key))) {
      for (const entry of this.log.sorted) if (entry.no) this.log.entries.delete(entry.key), entry.item.remove();
    }
    $("older").hidden = keys.length < 50;
    if (!keys.length) this.wire.enter().catch(() => {});
  }

  async older() {
    const button = $("older");
    button.disabled = true;
    try {
      const page = await this.wire.earlier(...this.log.oldest);
      this.log.show(page, true);
      button.hidden = page.prompts.length + page.said.length === 0;
    } catch {
      note("现在没有信号，稍后再看更早的。");
    } finally {
      button.disabled = false;
    }
  }

  connected(yes) {
    clearTimeout(this.troubled);
    if (yes) {
      this.troubled = 0;
      $("state").hidden = true;
      return;
    }
    this.troubled = setTimeout(() => {
      $("state").textContent = navigator.onLine ? "正在重新连接…" : "没有信号。您发的都留在手机里，有信号时自动送出。";
      $("state").hidden = false;
    }, navigator.onLine ? QUIET : 0);
  }

  async again(entry) {
    this.log.drop(entry);
    await this.store.remove(entry);
    const { seq: _seq, refused: _refused, id: _id, blob, ...message } = entry;
    this.log.waiting(await this.line.say({ ...message, id: uuid(), ...(message.file ? {} : { blob }) }));
  }

  async drop(entry) {
    await this.store.remove(entry);
    this.log.drop(entry);
  }

  async logout() {
    if ((await this.store.waiting()).length && !confirm("还有没送出的消息，退出会丢掉。确定退出吗？")) return;
    this.line.close();
    await this.wire.logout().catch(() => {});
    await this.store.forget().catch(() => {});
    localStorage.removeItem(ME);
    location.reload();
  }
}

async function whoIsHere(wire) {
  try {
    const me = await wire.me();
    localStorage.setItem(ME, JSON.stringify(me));
    return me;
  } catch (error) {
    if (!(error instanceof LoggedOut)) return JSON.parse(localStorage.getItem(ME) || "null");
    localStorage.removeItem(ME);
    await atTheDoor(wire);
    return whoIsHere(wire);
  }
}

// The page is as tall as what the keyboard leaves of the screen.
function fit(log) {
  const seen = globalThis.visualViewport;
  if (!seen) return;
  const measure = () => {
    document.documentElement.style.setProperty("--tall", `${seen.height}px`);
    if (seen.scale === 1) scrollTo(0, 0);
    if (log.stuck) log.toEnd();
  };
  seen.addEventListener("resize", measure);
  measure();
}

function dialogs() {
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => (event.target === dialog || event.target.closest("[data-close]")) && dialog.close());
  }
  const open = () => $("drawer").showModal();
  $("open-drawer").addEventListener("click", open);
  $("chip")?.addEventListener("click", open);
}

async function start() {
  dialogs();
  navigator.serviceWorker?.register("/chat/sw.js", { scope: "/chat" }).catch(() => {});
  navigator.storage?.persist?.().catch(() => {});
  const wire = new Wire(base);
  let me = await whoIsHere(wire);
  while (!me) {
    $("app").hidden = $("state").hidden = false;
    $("state").textContent = "正在连接…";
    await new Promise((resolve) => setTimeout(resolve, 3000));
    me = await whoIsHere(wire);
  }
  if (inDemo) {
    clock.offset = new Date(me.now).getTime() - Date.now();
    new ClockPanel(document.querySelector("[data-clock]"), () => ($("chip").textContent = hour(now())));
  }
  const page = new Page(wire, me, await openStore(me.account));
  $("example").addEventListener("click", () => page.composer.fill($("example").textContent, true));
  $("older").addEventListener("click", () => page.older());
  $("logout")?.addEventListener("click", () => page.logout());
  fit(page.log);
  await page.open();
}

start();
