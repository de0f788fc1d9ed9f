// A voice message, recorded where the browser can and kept as a file.

const LONGEST = 120;
const KINDS = ["audio/mp4", "audio/webm;codecs=opus", "audio/ogg;codecs=opus"];
const $ = (id) => document.getElementById(id);

export class Recorder {
  constructor(done, note) {
    this.done = done;
    this.note = note;
    this.can = Boolean(navigator.mediaDevices?.getUserMedia && globalThis.MediaRecorder);
    $("record-drop").addEventListener("click", () => this.stop(false));
    $("record-done").addEventListener("click", () => this.stop(true));
  }

  async start() {
    if (!this.can || this.machine) return;
    try {
      this.sound = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      this.note("没打开话筒。请允许使用话筒，或用键盘上的话筒说成文字。");
      return;
    }
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    const pieces = [];
    this.machine = new MediaRecorder(this.sound, mimeType ? { mimeType } : {});
    this.machine.addEventListener("dataavailable", (event) => pieces.push(event.data));
    this.machine.addEventListener("stop", () => this.finish(pieces));
    this.machine.start();
    this.began = Date.now();
    this.timer = setInterval(() => this.tick(), 250);
    $("recording").hidden = false;
    $("composer").hidden = true;
    $("record-done").focus();
  }

  tick() {
    const seconds = Math.floor((Date.now() - this.began) / 1000);
    $("recorded").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds >= LONGEST) this.stop(true);
  }

  stop(keep) {
    this.kept = keep;
    if (this.machine?.state === "recording") this.machine.stop();
  }

  finish(pieces) {
    const type = this.machine.mimeType.split(";")[0];
    clearInterval(this.timer);
    for (const track of this.sound.getTracks()) track.stop();
    this.machine = null;
    $("recording").hidden = true;
    $("composer").hidden = false;
    $("recorded").textContent = "0:00";
    const file = new Blob(pieces, { type });
    if (this.kept && file.size) this.done(file);
  }
}
