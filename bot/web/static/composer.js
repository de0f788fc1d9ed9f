// Where one writes, photographs, records and sends a place: with one thumb.

import { make } from "./bubble.js";
import { Recorder } from "./voice.js";
import { uuid } from "./wire.js";

const LARGEST = 20 * 1024 * 1024;
const READ = 6000;
const $ = (id) => document.getElementById(id);
const typesOnGlass = matchMedia("(pointer: coarse)");

export class Composer {
  constructor(who, say) {
    this.say = say;
    this.draft = `paojie.draft.${who}`;
    this.text = $("text");
    this.text.value = recall(this.draft);
    this.text.addEventListener("input", () => this.changed());
    this.text.addEventListener("keydown", (event) => this.key(event));
    $("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    // The keyboard stays: pressing the button does not take the focus from the text.
    $("send").addEventListener("pointerdown", (event) => event.preventDefault());
    $("camera").addEventListener("click", () => $("camera-file").click());
    $("more").addEventListener("click", () => this.tray($("tray").hidden));
    $("tray").addEventListener("click", (event) => this.want(event.target.closest("[data-do]")?.dataset.do));
    for (const id of ["camera-file", "album-file", "any-file"]) $(id).addEventListener("change", (event) => this.files(event.target));
    this.text.addEventListener("paste", (event) => this.pasted(event));
    this.voice = new Recorder((file) => this.say({ file, kind: "voice", mime: file.type }), note);
    if (!this.voice.can) document.querySelector('[data-do="voice"]').hidden = true;
    if (!navigator.geolocation || !isSecureContext) document.querySelector('[data-do="place"]').hidden = true;
    this.changed();
  }

  changed() {
    const filled = this.text.value.trim() !== "";
    $("send").hidden = !filled;
    $("more").hidden = filled;
    if (filled) this.tray(false);
    remember(this.draft, this.text.value);
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight + 2}px`;
  }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    if (typesOnGlass.matches) return; // on a phone a message may have several lines
    event.preventDefault();
    this.send();
  }

  send() {
    const text = this.text.value.trim();
    if (!text) return;
    this.say({ text });
    this.fill("");
  }

  fill(text, focus = false) {
    this.text.value = text;
    this.changed();
    if (!focus) return;
    this.text.focus();
    this.text.setSelectionRange(text.length, text.length);
  }

  tray(open) {
    $("tray").hidden = !open;
    $("more").setAttribute("aria-expanded", String(open));
    if (open) this.text.blur();
  }

  want(what, value) {
    if (what === "camera") $("camera-file").click();
    if (what === "album") $("album-file").click();
    if (what === "file") $("any-file").click();
    if (what === "place") this.place();
    if (what === "voice") this.voice.start();
    if (what === "day") this.say({ text: value.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, "$1年$2月$3日") });
    if (what) this.tray(false);
  }

  files(input) {
    this.attach([...input.files]);
    input.value = "";
  }

  pasted(event) {
    const files = [...event.clipboardData.files];
    if (!files.length) return;
    event.preventDefault();
    this.attach(files);
  }

  attach(files) {
    const fitting = files.filter((file) => file.size > 0 && file.size <= LARGEST);
    if (fitting.length < files.length) note("有文件超过 20 MB 或是空的，没有发。照片请重拍一张。");
    const album = fitting.length > 1 ? uuid() : "";
    for (const file of fitting) this.say({ file, mime: file.type, name: file.name, kind: kindOf(file.type), album });
  }

  place() {
    note("正在取位置…");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        note("");
        this.say({ place: { lat: coords.latitude, lon: coords.longitude, label: "" } });
      },
      () => note("没取到位置。请打开手机定位再试，或直接写地点。"),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
    );
  }
}

export function note(text) {
  const line = $("note");
  line.textContent = text;
  line.hidden = !text;
  clearTimeout(note.timer);
  if (text) note.timer = setTimeout(() => note(""), READ);
}

export function menuButton(item, act) {
  const button = make("button", { type: "button", className: "item" }, item.label);
  button.addEventListener("click", act);
  return button;
}

function kindOf(mime) {
  return { image: "photo", audio: "voice", video: "video" }[mime.split("/")[0]] || "file";
}

function recall(key) {
  try {
    return localStorage.getItem(key) || "";
  } catch {
    return "";
  }
}

function remember(key, text) {
  try {
    if (text) localStorage.setItem(key, text);
    else localStorage.removeItem(key);
  } catch {
    // a browser that keeps nothing keeps no draft
  }
}
