// What the phone keeps: messages that wait to be sent, in order, and what was shown last. In memory where the browser keeps nothing.

const KEPT = 200;

export async function openStore(who) {
  try {
    return new Store(await opened(), who);
  } catch {
    return new Memory();
  }
}

function opened() {
  const request = indexedDB.open("paojie", 1);
  request.onupgradeneeded = () => {
    const waiting = request.result.createObjectStore("waiting", { keyPath: "seq", autoIncrement: true });
    waiting.createIndex("who", "who");
    const seen = request.result.createObjectStore("seen", { keyPath: ["who", "key"] });
    seen.createIndex("who", "who");
  };
  return done(request);
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

class Store {
  constructor(db, who) {
    this.db = db;
    this.who = who;
  }

  table(name, mode = "readonly") {
    return this.db.transaction(name, mode).objectStore(name);
  }

  waiting() {
    return done(this.table("waiting").index("who").getAll(this.who));
  }

  async add(entry) {
    const { seq: _, ...row } = { ...entry, who: this.who };
    const transaction = this.db.transaction("waiting", "readwrite", { durability: "strict" });
    const seq = await done(transaction.objectStore("waiting").add(row));
    return { ...row, seq };
  }

  change(entry) {
    return done(this.table("waiting", "readwrite").put({ ...entry, who: this.who }));
  }

  remove(entry) {
    return done(this.table("waiting", "readwrite").delete(entry.seq));
  }

  seen() {
    return done(this.table("seen").index("who").getAll(this.who));
  }

  // Of what was shown only the newest stay; `whole` is all that the page holds.
  async keep(whole) {
    const table = this.table("seen", "readwrite");
    const kept = whole.slice(-KEPT);
    const keys = new Set(kept.map((entry) => entry.key));
    for (const [, key] of await done(table.index("who").getAllKeys(this.who))) if (!keys.has(key)) table.delete([this.who, key]);
    for (const entry of kept) table.put({ ...entry, who: this.who });
  }

  async forget() {
    const tables = this.db.transaction(["seen", "waiting"], "readwrite");
    for (const name of ["seen", "waiting"]) {
      const table = tables.objectStore(name);
      for (const key of await done(table.index("who").getAllKeys(this.who))) table.delete(key);
    }
  }
}

class Memory {
  constructor() {
    this.rows = new Map();
    this.last = 0;
  }

  async waiting() {
    return [...this.rows.values()];
  }

  async add(entry) {
    const row = { ...entry, seq: ++this.last };
    this.rows.set(row.seq, row);
    return row;
  }

  async change(entry) {
    this.rows.set(entry.seq, entry);
  }

  async remove(entry) {
    this.rows.delete(entry.seq);
  }

  async seen() {
    return [];
  }

  async keep() {}

  async forget() {
    this.rows.clear();
  }
}
