// One entry of the conversation as an element. Everything shown is text, never markup.

import { hour } from "./time.js";

const PHONE = /(?<!\d)(1[3-9]\d{9}|0\d{2,3}-\d{7,8})(?!\d)/;
const LATE = 600_000;
const TICKS = { waiting: ["◷", "等着发"], sent: ["✓", "已收到"], refused: ["!", "没发出去"] };

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key in element && typeof value !== "string") element[key] = value;
    else element.setAttribute(key === "className" ? "class" : key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

// Telephone numbers can be dialled.
function words(text) {
  const line = make("p", { className: "words" });
  text.split(PHONE).forEach((part, place) => line.append(place % 2 ? make("a", { href: `tel:${part.replace("-", "")}` }, part) : part));
  return line;
}

export function promptBubble(prompt, at, wire, on) {
  const head = [];
  if (prompt.title) head.push(make("strong", {}, prompt.title));
  if (prompt.step.length) head.push(make("span", { className: "step" }, `${prompt.step[0]}/${prompt.step[1]}`));
  const body = make("div", { className: "bubble" });
  if (head.length) body.append(make("div", { className: "head" }, ...head));
  if (prompt.text) body.append(words(prompt.text));
  for (const file of prompt.attach) body.append(fileView(file.kind, wire.file(file.sha256, file.paper), file.words || "", on));
  if (prompt.options.length) body.append(optionsOf(prompt, on));
  body.append(make("div", { className: "wants" }), make("span", { className: "meta" }, hour(at)));
  return make("li", { className: "theirs" }, make("span", { className: "unseen" }, "跑街："), body);
}

function optionsOf(prompt, on) {
  const { options } = prompt;
  const short = options.every((option) => [...option.label].length <= 6);
  const buttons = options.map((option, place) => {
    const number = options.length > 1 ? make("span", { className: "number", "aria-hidden": "true" }, String(place + 1)) : null;
    const className = option.main ? "option main" : "option";
    if (option.url) return /^https?:\/\//.test(option.url) ? make("a", { className, href: option.url, target: "_blank", rel: "noopener noreferrer" }, option.label) : "";
    const button = make("button", { className, type: "button", "data-token": option.token }, number, make("span", {}, option.label));
    button.addEventListener("click", () => on.tap(prompt, option));
    return button;
  });
  return make("div", { className: short ? "options short" : "options", role: "group", "aria-label": "可以点的回答" }, ...buttons);
}

export function saidBubble(said, on) {
  const body = make("div", { className: said.label ? "bubble tapped" : "bubble" });
  if (said.file || said.source) body.append(fileView(said.kind, said.source || URL.createObjectURL(said.file), said.name, on));
  if (said.place) body.append(placeView(said.place));
  if (said.label || said.text) body.append(words(said.label || said.text));
  const item = make("li", { className: "mine" }, make("span", { className: "unseen" }, "我："), body);
  body.append(make("span", { className: "meta" }, make("time", {}), make("span", { className: "tick" })));
  stamp(item, said);
  return item;
}

// Time and delivery, which change while the bubble stays.
export function stamp(item, said) {
  const [sign, name] = TICKS[said.state];
  const late = said.state === "sent" && said.received - said.at > LATE;
  item.querySelector("time").textContent = hour(said.at) + (late ? `（${hour(said.received)} 收到）` : "");
  const tick = item.querySelector(".tick");
  tick.textContent = sign;
  tick.setAttribute("role", "img");
  tick.setAttribute("aria-label", name);
  item.dataset.state = said.state;
}

export function refusedNote(item, text, on) {
  item.querySelector(".refused")?.remove();
  const again = make("button", { type: "button" }, "再发一次");
  const drop = make("button", { type: "button" }, "删掉");
  again.addEventListener("click", on.again);
  drop.addEventListener("click", on.drop);
  item.append(make("div", { className: "refused", role: "alert" }, make("p", {}, text), again, drop));
}

function fileView(kind, source, name, on) {
  if (kind === "voice") return make("audio", { controls: true, preload: "none", src: source, "aria-label": "语音" });
  if (kind === "video") return make("video", { controls: true, preload: "metadata", playsInline: true, src: source });
  if (kind !== "photo") return make("a", { className: "file", href: source, download: name || "文件" }, `📄 ${name || "文件"}`);
  const picture = make("img", { src: source, alt: name || "照片", loading: "lazy", decoding: "async" });
  const button = make("button", { type: "button", className: "picture", "aria-label": name ? `看大图：${name}` : "看大图" }, picture);
  button.addEventListener("click", () => on.view(source));
  picture.addEventListener("load", () => on.grown());
  picture.addEventListener("error", () => button.replaceWith(make("span", { className: "file" }, "📄 这张打不开预览，原件还在")));
  return button;
}

function placeView(place) {
  const spot = place.label || `${place.lat.toFixed(5)}, ${place.lon.toFixed(5)}`;
  return make("p", { className: "place" }, `📍 ${spot}`);
}
