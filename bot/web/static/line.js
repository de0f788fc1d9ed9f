// The line to the firm: sends what waits, one after the other and each once, and listens for what comes.

import { LoggedOut, Refused, Unreachable } from "./wire.js";

const SLOWEST = 15_000;
const LISTEN = 25;

export class Line {
  // `on`: page(page, first), connected(yes), sent(entry, answer), refused(entry), loggedOut()
  constructor(wire, store, who, on) {
    Object.assign(this, { wire, store, who, on, after: 0, heard: 0, got: [], tries: 0, open: true });
    this.wake = () => {};
    addEventListener("online", () => this.retry());
    addEventListener("offline", () => this.on.connected(false));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.retry());
  }

  async say(entry) {
    const kept = await this.store.add(entry);
    this.pump();
    return kept;
  }

  retry() {
    this.tries = 0;
    this.wake();
    this.pump();
  }

  close() {
    this.open = false;
    this.wake();
  }

  async listen() {
    for (let first = true; this.open; ) {
      try {
        const page = await this.wire.prompts(this.after, this.heard, first ? 0 : LISTEN, this.got);
        if (!this.open) return;
        this.after = page.after;
        this.heard = page.heard;
        this.got = page.prompts.map((prompt) => prompt.id);
        this.connected();
        this.on.page(page, first);
        first = false;
      } catch (error) {
        if (error instanceof LoggedOut) return this.loggedOut();
        await this.rest();
      }
    }
  }

  // Whichever window holds the lock sends the oldest; so two windows of one person keep the order too.
  async pump() {
    if (this.pumping) {
      this.again = true;
      return;
    }
    this.pumping = true;
    try {
      do {
        this.again = false;
        while (this.open && (await alone(this.who, () => this.sendOldest())));
      } while (this.again && this.open);
    } finally {
      this.pumping = false;
    }
  }

  async sendOldest() {
    const entry = (await this.store.waiting()).find((each) => !each.refused);
    if (!entry) return false;
    try {
      const answer = await this.send(entry);
      await this.store.remove(entry);
      this.connected();
      this.on.sent(entry, answer);
      return true;
    } catch (error) {
      if (error instanceof LoggedOut) this.loggedOut();
      if (error instanceof Unreachable) this.later();
      if (!(error instanceof Refused)) return false;
      entry.refused = error.message;
      await this.store.change(entry);
      this.on.refused(entry);
      return true;
    }
  }

  async send(entry) {
    const { id, text, tap, place, album, at, file, name } = entry;
    if (file && !entry.blob) {
      const { sha256, kind, mime } = await this.wire.upload(file, entry.mime);
      entry.blob = { sha256, kind: entry.kind || kind, mime, name: name || "" };
      await this.store.change(entry);
    }
    const body = { id, at, text: text || "", tap: tap || "", album: album || "" };
    if (place) body.place = place;
    if (entry.blob) body.blob = entry.blob;
    return this.wire.said(body);
  }

  connected() {
    this.tries = 0;
    this.on.connected(true);
    if (this.timer) {
      clearTimeout(this.timer);
      this.timer = 0;
      this.pump();
    }
  }

  later() {
    this.on.connected(false);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.pump(), this.pause());
  }

  async rest() {
    this.on.connected(false);
    await new Promise((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, this.pause());
    });
  }

  pause() {
    return Math.min(SLOWEST, 1000 * 2 ** this.tries++) * (0.75 + Math.random() / 2);
  }

  loggedOut() {
    this.close();
    this.on.loggedOut();
  }
}

function alone(who, work) {
  return navigator.locks ? navigator.locks.request(`paojie-send-${who}`, work) : work();
}
