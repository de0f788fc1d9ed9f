// The JSON API: an answer, or one of three reasons why not.

export class Unreachable extends Error {} // no signal, or the server is busy: again later, nothing is lost
export class LoggedOut extends Error {}
export class Refused extends Error {} // it will never be taken; the message says why

const HEADERS = { "X-Paojie": "1" };
const MINUTE = 60_000;

// randomUUID is there only with https; a phone in the firm's own network may be without.
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export class Wire {
  constructor(base) {
    this.base = base;
  }

  me() {
    return ask(`${this.base}/me`, { timeout: 15_000 });
  }

  said(body) {
    return post(`${this.base}/said`, body);
  }

  enter() {
    return post(`${this.base}/enter`, {});
  }

  login(body) {
    return post(`${this.base}/login`, body);
  }

  logout() {
    return post(`${this.base}/logout`, {});
  }

  upload(file, mime) {
    const type = (mime || file.type || "application/octet-stream").split(";")[0];
    return ask(`${this.base}/blobs`, { method: "POST", body: file, headers: { ...HEADERS, "Content-Type": type }, timeout: 5 * MINUTE });
  }

  prompts(after, heard, wait, got) {
    const query = new URLSearchParams({ after, heard, wait, got: got.join(",") });
    return ask(`${this.base}/prompts?${query}`, { timeout: (wait + 20) * 1000 });
  }

  earlier(prompt, said) {
    return ask(`${this.base}/earlier?${new URLSearchParams({ prompt, said })}`, { timeout: 20_000 });
  }

  // With a paper: the picture as that record shows it.
  file(sha256, paper = 0) {
    return `${this.base}/blobs/${sha256}${paper ? `?paper=${paper}` : ""}`;
  }
}

export function post(path, body) {
  const headers = { ...HEADERS, "Content-Type": "application/json" };
  return ask(path, { method: "POST", headers, body: JSON.stringify(body), timeout: 30_000 });
}

export async function ask(path, { timeout, ...options }) {
  let answer;
  let body;
  try {
    answer = await fetch(path, { ...options, signal: AbortSignal.timeout(timeout) });
    body = await answer.json();
  } catch {
    throw new Unreachable();
  }
  if (answer.ok) return body;
  if (answer.status === 401) throw new LoggedOut(body.text);
  if (answer.status >= 500 || answer.status === 429) throw new Unreachable(body.text);
  throw new Refused(body.text);
}
