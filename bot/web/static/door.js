// The way in: an invitation's link, or name and eight digits.

import { LoggedOut, Refused } from "./wire.js";

const $ = (id) => document.getElementById(id);

// Answers once somebody is logged in.
export function atTheDoor(wire, text = "") {
  const token = new URLSearchParams(location.hash.slice(1)).get("in") || "";
  $("app").hidden = true;
  $("door").hidden = false;
  $("by-link").hidden = !token;
  $("by-code").hidden = Boolean(token);
  say(text);
  return new Promise((resolve) => {
    const enter = async (event, asked) => {
      event.preventDefault();
      const button = event.target.querySelector("button");
      button.disabled = true;
      try {
        await wire.login(asked());
        history.replaceState(null, "", location.pathname);
        $("door").hidden = true;
        resolve();
      } catch (error) {
        const told = error instanceof LoggedOut || error instanceof Refused;
        say(told || error.message ? error.message : "现在没有信号，请稍后再试。");
        if (told) $("by-code").hidden = false;
      } finally {
        button.disabled = false;
      }
    };
    $("by-link").onsubmit = (event) => enter(event, () => ({ token }));
    $("by-code").onsubmit = (event) => enter(event, () => ({ name: $("name").value, code: $("code").value }));
  });
}

function say(text) {
  $("door-note").textContent = text;
  $("door-note").hidden = !text;
}
