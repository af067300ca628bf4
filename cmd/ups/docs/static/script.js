"use strict";

const root = document.currentScript.dataset.root;

// A page that was opened as a file may have no storage.
function remembered(value) {
  try {
    if (value !== undefined) localStorage.setItem("theme", value);
    return localStorage.getItem("theme");
  } catch {
    return null;
  }
}

function showTheme(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  const dark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  button.textContent = dark ? "Light" : "Dark";
  button.value = dark ? "light" : "dark";
}

const button = document.getElementById("theme");
button.hidden = false;
button.addEventListener("click", () => { remembered(button.value); showTheme(button.value); });
showTheme(remembered());

// On a phone the contents are folded.
if (matchMedia("(max-width: 50rem)").matches) document.querySelector("nav.book details").open = false;

// What scrolls can be reached by the keyboard.
for (const box of document.querySelectorAll("pre, table")) {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
}

const query = document.getElementById("query");
const hits = document.getElementById("hits");

// A page counts by where it has the words, all of which it must have.
function search(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const found = [];
  for (const page of book) {
    const title = page.Title.toLowerCase(), body = page.Text.toLowerCase();
    const headings = page.Headings || [];
    let score = 0;
    for (const word of words) {
      const inHeading = headings.some((h) => h.Text.toLowerCase().includes(word));
      const points = (title.includes(word) ? 20 : 0) + (inHeading ? 8 : 0) + Math.min(5, body.split(word).length - 1);
      if (!points) { score = 0; break; }
      score += points;
    }
    if (!score) continue;
    const heading = headings.find((h) => words.every((w) => h.Text.toLowerCase().includes(w)));
    const at = Math.max(0, body.indexOf(words[0]) - 40);
    found.push({ score, page, heading, snippet: page.Text.slice(at, at + 120) });
  }
  return found.sort((a, b) => b.score - a.score).slice(0, 12);
}

function show() {
  const found = search(query.value);
  hits.replaceChildren(...found.map(({ page, heading, snippet }) => {
    const item = document.createElement("li"), link = document.createElement("a"), small = document.createElement("small");
    link.href = root + page.Path + (heading ? "#" + heading.ID : "");
    link.textContent = heading ? page.Title + " › " + heading.Text : page.Title;
    small.textContent = "…" + snippet + "…";
    link.append(small);
    item.append(link);
    return item;
  }));
  if (!found.length && query.value.trim()) hits.append(Object.assign(document.createElement("li"), { textContent: "Nothing is found." }));
  hits.hidden = !query.value.trim();
}

query.addEventListener("input", show);
document.addEventListener("keydown", (e) => {
  const typing = document.activeElement instanceof HTMLInputElement;
  if (e.key === "/" && !typing) { e.preventDefault(); query.focus(); return; }
  if (e.key === "Escape") { hits.hidden = true; query.blur(); return; }
  const links = [...hits.querySelectorAll("a")];
  const i = links.indexOf(document.activeElement);
  if (hits.hidden || !links.length || (i < 0 && document.activeElement !== query)) return;
  if (e.key === "ArrowDown") { e.preventDefault(); links[Math.min(i + 1, links.length - 1)].focus(); }
  if (e.key === "ArrowUp") { e.preventDefault(); (i > 0 ? links[i - 1] : query).focus(); }
  if (e.key === "Enter" && i < 0) links[0].click();
});
document.addEventListener("click", (e) => { if (!e.target.closest(".search")) hits.hidden = true; });
