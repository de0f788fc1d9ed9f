// Set-up: lines that tick themselves while one looks, and values to take along. Every page works without.

const EVERY = 2000;

for (const list of document.querySelectorAll("[data-live]")) {
  let shown = list.innerHTML;
  const look = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(list.dataset.live, { headers: { accept: "text/html" } });
        if (answer.ok) {
          const html = await answer.text();
          if (html !== shown) list.innerHTML = shown = html; // ours, escaped where it was written
        }
      } catch { /* the server is away for a moment */ }
    }
    setTimeout(look, EVERY);
  };
  look();
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const words = button.innerHTML;
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // pages without https have no clipboard
    }
    button.textContent = "已复制";
    setTimeout(() => { button.innerHTML = words; }, 2000);
  });
}
