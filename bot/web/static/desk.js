// The desk with a keyboard: several calls half typed and none lost, who rings known at once, the board fresh without moving the cursor.

const desk = document.getElementById("desk");
const form = document.getElementById("call");
const at = (id) => document.getElementById(id);
const KEPT = `paojie-desk-${desk.dataset.me}`;
const FIELDS = ["phone", "place", "spot", "what", "when", "caller"];
const json = { Accept: "application/json" };
let lost = false;

// --- half-typed calls: in the browser, each in a tab -------------------------------------------------------
const blank = () => ({ urgent: false, label: "", who: "", cursor: "", ...Object.fromEntries(FIELDS.map((name) => [name, ""])) });
const state = { calls: [blank()], now: 0, results: [] };

function restore() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT));
    if (Array.isArray(kept?.calls) && kept.calls.length) {
      state.calls = kept.calls.map((one) => ({ ...blank(), ...one }));
      state.now = Math.min(kept.now | 0, state.calls.length - 1);
      state.results = kept.results ?? [];
    }
  } catch { /* unreadable: begin anew */ }
}

function keep() {
  try { localStorage.setItem(KEPT, JSON.stringify(state)); } catch { /* a full or closed store: the page still works */ }
}

const call = () => state.calls[state.now];
const begun = (one) => FIELDS.some((name) => one[name]);

function name(one, nth) {
  return [one.short || one.place || one.phone, one.what].filter(Boolean).join(" ") || `来电 ${nth + 1}`;
}

function tabs() {
  const bar = at("tabs");
  bar.hidden = false;
  bar.replaceChildren(...state.calls.map((one, nth) => {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.role = "tab";
    tab.id = `tab-${nth}`;
    tab.ariaSelected = String(nth === state.now);
    tab.textContent = `${nth + 1} ${name(one, nth)}`;
    tab.addEventListener("click", () => go(nth));
    return tab;
  }));
  const more = document.createElement("button");
  more.type = "button";
  more.id = "tab-new";
  more.textContent = "＋ 新来电";
  more.addEventListener("click", fresh);
  bar.append(more);
  if (state.calls.length > 1 || begun(call())) {
    const away = document.createElement("button");
    away.type = "button";
    away.id = "tab-away";
    away.textContent = "不记这个";
    away.addEventListener("click", drop);
    bar.append(away);
  }
}

function put() {
  for (const name of FIELDS) at(name).value = call()[name];
  at("urgent").checked = call().urgent;
  hide("problem", "spots", "chosen", "heard");
  at("sure").hidden = true;
  said([call().label, call().who].filter(Boolean).join("　"));
  tabs();
  if (begun(call())) look();
}

function go(nth) {
  state.now = nth;
  keep();
  put();
  const empty = FIELDS.map(at).find((field) => field.type !== "hidden" && !field.value && (field.id === "what" || !call().spot));
  at((begun(call()) && call().cursor) || empty?.id || "what").focus();
}

function fresh() {
  const empty = state.calls.findIndex((one) => !begun(one));
  if (empty < 0) state.calls.push(blank());
  go(empty < 0 ? state.calls.length - 1 : empty);
}

function drop() {
  if (begun(call()) && !confirm(`「${name(call(), state.now)}」不记了？`)) return;
  leave();
  go(state.now);
}

function leave() {
  state.calls.splice(state.now, 1);
  if (!state.calls.length) state.calls.push(blank());
  state.now = Math.max(0, Math.min(state.now, state.calls.length - 1));
  keep();
}

// --- what is typed, looked at while it is typed ------------------------------------------------------------
let asked = 0, waiting = 0, chosenAt = 0;

function typed(event) {
  const field = event.target;
  if (field.id === "urgent") call().urgent = field.checked;
  else if (FIELDS.includes(field.id)) call()[field.id] = field.value;
  else return;
  if (field.id === "phone" || field.id === "place") { choose(null); hide("spots", "problem"); }
  keep();
  tabs();
  asked += 1; // an answer on its way is about what stood there before
  clearTimeout(waiting);
  waiting = setTimeout(look, 120);
}

async function look() {
  const mine = ++asked, one = call();
  const query = new URLSearchParams(Object.fromEntries(FIELDS.map((name) => [name, one[name]])));
  const answer = await fetch(`/office/desk/look?${query}`).catch(() => null);
  if (!answer?.ok || mine !== asked || one !== call()) return null;
  const found = await answer.json();
  if (mine !== asked || one !== call()) return null;
  if (!one.spot) offer(found.spots);
  tell(found);
  return found;
}

function offer(spots) {
  const list = at("spots");
  if (spots.length === 1) return choose(spots[0]);
  chosenAt = 0;
  list.replaceChildren(...spots.map((spot, nth) => {
    const line = document.createElement("li");
    line.role = "option";
    line.id = `spot-${nth}`;
    line.ariaSelected = String(nth === 0);
    line.append(spot.label);
    const who = line.appendChild(document.createElement("span"));
    who.className = "soft";
    who.textContent = spot.who;
    line.spot = spot;
    line.addEventListener("pointerdown", (event) => { event.preventDefault(); choose(spot); at("what").focus(); });
    return line;
  }));
  list.hidden = !spots.length;
  at("place").ariaExpanded = String(!list.hidden);
}

function choose(spot) {
  call().spot = at("spot").value = spot?.key ?? "";
  call().label = spot?.label ?? "";
  call().short = spot?.short ?? "";
  call().who = spot?.who ?? "";
  if (spot) hide("spots");
  at("place").ariaExpanded = "false";
  said(spot ? `${spot.label}　${spot.who}` : "");
  keep();
  if (spot) tabs();
}

function said(words) {
  at("chosen").textContent = words;
  at("chosen").hidden = !words;
}

function tell(found) {
  const heard = at("heard");
  heard.replaceChildren();
  if (found.urgent) heard.appendChild(document.createElement("b")).textContent = `「${found.urgent}」按紧急办，登记后马上通知在班师傅。`;
  const words = [found.trade && `工种：${found.trade}`, found.at && `约 ${found.at}`, found.problem].filter(Boolean).join("　");
  if (words) heard.append(` ${words}`);
  if (found.twin) heard.append(` 报过了：${found.twin}`);
  heard.hidden = !heard.textContent.trim();
  at("told").replaceChildren(...found.jobs.map((job) => {
    const line = document.createElement("p");
    line.appendChild(document.createElement("b")).textContent = `${job.number} ${job.where}`;
    line.append(` ${job.what}`, document.createElement("br"));
    const read = line.appendChild(document.createElement("span"));
    read.className = "read";
    read.textContent = `“${job.aloud}”`;
    return line;
  }));
}

// --- keys: Enter goes on, and at the end registers ---------------------------------------------------------
async function enter(field) {
  const list = at("spots");
  if (field.id === "phone" || field.id === "place") {
    if (!list.hidden && list.children[chosenAt] && field.id === "place") choose(list.children[chosenAt].spot);
    at("what").focus(); // at once: what is typed next belongs there
    if (call().spot) return;
    const one = call();
    clearTimeout(waiting);
    const found = await look();
    if (!found || one !== call() || one.spot || one.what) return; // asked again when it is to be registered
    if (list.hidden) trouble(one.place ? "没找到这个地方，不在公司管的房屋名单里。请核对小区、楼号、房号。" : one.phone ? "名单里没有这个电话，请写哪一户。" : "请写电话，或写哪一户。");
    return at("place").focus();
  }
  send(new FormData(form));
}

function move(by) {
  const lines = [...at("spots").children];
  if (at("spots").hidden || !lines.length) return false;
  chosenAt = (chosenAt + by + lines.length) % lines.length;
  lines.forEach((line, nth) => { line.ariaSelected = String(nth === chosenAt); });
  return true;
}

function trouble(words) {
  at("problem").textContent = words;
  at("problem").hidden = false;
}

function hide(...ids) { for (const id of ids) at(id).hidden = true; }

async function send(data) {
  hide("problem");
  const sent = call();
  const buttons = form.querySelectorAll("button");
  if (sent.sending) return;
  sent.sending = true;
  for (const button of buttons) button.disabled = true;
  const answer = await fetch(form.action, { method: "POST", headers: json, body: data }).catch(() => null);
  delete sent.sending;
  for (const button of buttons) button.disabled = false;
  if (answer === null) return trouble("网络断了，没有登记。打的字都留着，请再按一次回车。");
  const told = await answer.json().catch(() => null);
  if (told === null) return trouble(answer.status === 401 ? "已经退出了，打的字都留着。请重新进来。" : "没有登记上，打的字都留着，请再按一次回车。");
  if (!told.notice) {
    trouble([told.problem, told.twin].filter(Boolean).join("\n"));
    at("sure").hidden = !told.twin;
    if (told.spots.length) offer(told.spots);
    (told.twin ? at("sure") : at(told.at || "what")).focus();
    return;
  }
  state.results = [{ notice: told.notice, link: told.link, aloud: told.aloud }, ...state.results].slice(0, 3);
  if (sent === call()) leave(); else state.calls.splice(state.calls.indexOf(sent), 1);
  keep();
  put();
  results();
  at("phone").focus();
  refresh();
}

function results() {
  at("results").replaceChildren(...state.results.map((one, nth) => {
    const box = document.createElement("div");
    box.className = "notice";
    box.appendChild(document.createElement("p")).textContent = one.notice;
    if (one.link) {
      const label = box.appendChild(document.createElement("p")).appendChild(document.createElement("label"));
      label.parentElement.className = "copy";
      label.append("发给租户的进度链接 ");
      const link = label.appendChild(document.createElement("input"));
      link.readOnly = true;
      link.value = one.link;
      link.addEventListener("focus", () => link.select());
      const copy = label.parentElement.appendChild(document.createElement("button"));
      copy.type = "button";
      copy.textContent = "复制";
      copy.addEventListener("click", async () => {
        link.select();
        try { await navigator.clipboard.writeText(one.link); } catch { document.execCommand("copy"); }
        copy.textContent = "复制好了";
      });
    }
    const away = box.appendChild(document.createElement("button"));
    away.type = "button";
    away.textContent = "收起";
    away.addEventListener("click", () => { state.results.splice(nth, 1); keep(); results(); });
    return box;
  }));
}

// --- the board ---------------------------------------------------------------------------------------------
let shown = "";

async function refresh() {
  const answer = await fetch("/office/desk/board").catch(() => null);
  lost = !answer?.ok;
  at("fresh").textContent = lost ? (answer?.status === 401 ? "已经退出，请重新进来" : "连不上，正在重试") : "";
  if (lost) return;
  const html = await answer.text(), board = at("board");
  const busy = [...board.querySelectorAll('input:not([type=hidden]), select:has(option[value=""])')].some((input) => input.value);
  if (html === shown || busy) return;
  shown = html;
  const focused = board.contains(document.activeElement) ? document.activeElement.id : "";
  const opened = [...board.querySelectorAll("details[open]")].map((one) => one.id);
  const top = board.scrollTop;
  board.innerHTML = html; // our own page's words, escaped there
  for (const id of opened) at(id)?.setAttribute("open", "");
  board.scrollTop = top;
  if (focused) at(focused)?.focus({ preventScroll: true });
}

async function act(event) {
  const sent = event.target;
  event.preventDefault();
  const data = new FormData(sent, event.submitter);
  const answer = await fetch(sent.action, { method: "POST", headers: json, body: data }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  at("fresh").textContent = told ? told.notice || told.problem : "没有办成，请再按一次。";
  if (told?.notice) {
    for (const input of sent.querySelectorAll("input:not([type=hidden])")) input.value = "";
    if (told.notice.includes("http")) { state.results.unshift({ notice: told.notice.split("：")[0], link: told.notice.slice(told.notice.indexOf("http")), aloud: "" }); keep(); results(); }
  }
  const words = at("fresh").textContent;
  await refresh();
  if (!lost) at("fresh").textContent = words;
}

at("board").addEventListener("submit", act);
setInterval(() => { if (!document.hidden) refresh(); }, 5000);

if (form) {
  const served = Object.fromEntries(FIELDS.map((name) => [name, at(name).value]));
  restore();
  if (FIELDS.some((name) => served[name] && served[name] !== call()[name]) && form.querySelector(".problems:not(#problem)")) Object.assign(call(), served);
  form.addEventListener("input", typed);
  form.addEventListener("focusin", ({ target }) => { if (FIELDS.includes(target.id)) { call().cursor = target.id; keep(); } });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    delete form.dataset.sent;
    send(new FormData(form, event.submitter));
  });
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey) return;
    if (event.key === "Enter" && event.target.matches("input")) { event.preventDefault(); enter(event.target); }
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && event.target.id !== "when" && move(event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const digit = /^Digit([1-9])$/.exec(event.code);
    if (event.code === "KeyN") { event.preventDefault(); fresh(); }
    else if (event.code === "KeyB") { event.preventDefault(); at("jobs").focus(); }
    else if (digit && Number(digit[1]) <= state.calls.length) { event.preventDefault(); go(Number(digit[1]) - 1); }
  });
  window.addEventListener("pagehide", keep);
  go(state.now); // after a reload the cursor is where the call was left
  results();
}
