"use strict";

// Editor is a text area with the numbers of its lines, and marks below what is
// wrong.
class Editor {
  constructor(changed) {
    this.area = document.getElementById("source");
    this.gutter = document.querySelector(".gutter > div");
    this.marks = document.querySelector(".marks > div");
    this.lines = 0;
    this.area.addEventListener("input", () => { this.number(); changed(this.area.value); });
    this.area.addEventListener("scroll", () => this.scroll());
  }

  get text() { return this.area.value; }

  // show shows another text, from its begin.
  show(text, name) {
    this.area.value = text;
    this.area.setAttribute("aria-label", `Policy source ${name}`);
    this.area.setSelectionRange(0, 0);
    this.area.scrollTo(0, 0);
    this.number();
    this.mark([]);
  }

  number() {
    const lines = this.text.split("\n").length;
    if (lines === this.lines) return;
    this.lines = lines;
    this.gutter.textContent = Array.from({ length: lines }, (_, i) => i + 1).join("\n");
  }

  scroll() {
    this.gutter.style.transform = `translateY(${-this.area.scrollTop}px)`;
    this.marks.style.transform = `translate(${-this.area.scrollLeft}px, ${-this.area.scrollTop}px)`;
  }

  // mark marks ranges of units, of which each has a severity. A copy of their
  // lines, which can't be seen, stands below the text and carries the marks.
  mark(ranges) {
    const starts = lineStarts(this.text);
    this.marks.replaceChildren(...ranges.map(({ start, end, severity }) => {
      const line = lineAt(starts, start);
      const stop = Math.min(end, (starts[line + 1] ?? this.text.length + 1) - 1);
      const mark = element("mark", this.text.slice(start, stop) || " ");
      mark.className = severity;
      const copy = document.createElement("div");
      copy.style.top = `calc(${line} * var(--line-height))`;
      copy.append(this.text.slice(starts[line], start), mark);
      return copy;
    }));
  }

  // select selects a range and brings it into view.
  select(start, end) {
    this.area.focus();
    this.area.setSelectionRange(start, end);
    const line = lineAt(lineStarts(this.text), start);
    const height = parseFloat(getComputedStyle(this.area).lineHeight);
    const top = line * height;
    if (top < this.area.scrollTop || top > this.area.scrollTop + this.area.clientHeight - 2 * height) {
      this.area.scrollTop = top - this.area.clientHeight / 2;
    }
  }
}

// lineStarts returns where lines begin, in units.
function lineStarts(text) {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

// lineAt returns the line, from 0, that a place is in.
function lineAt(starts, at) {
  let low = 0, high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= at) low = middle; else high = middle - 1;
  }
  return low;
}

// unitAt returns the place in units of a place in lines and columns, both from 1.
// Columns count bytes of UTF-8.
function unitAt(text, starts, { line, column }) {
  const start = starts[line - 1] ?? text.length;
  const end = (starts[line] ?? text.length + 1) - 1;
  const bytes = new TextEncoder().encode(text.slice(start, end)).subarray(0, column - 1);
  return start + new TextDecoder().decode(bytes).length;
}
