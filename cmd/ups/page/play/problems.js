"use strict";

// The list of problems: what the compiler and lint say.

// counts says how many problems there are of each severity.
function counts({ errors, warnings, infos = 0 }) {
  const parts = [[errors, "error"], [warnings, "warning"], [infos, "note"]].filter(([n]) => n > 0);
  return parts.map(([n, what]) => `${n} ${what}${n === 1 ? "" : "s"}`).join(", ");
}

// problem is a line of the list of problems.
function problem({ severity, code, message, hint, span, witness }, files) {
  const item = document.createElement("li");
  const word = element("span", severity);
  word.className = `severity ${severity}`;
  const head = document.createElement("p");
  head.append(word, ` ${message} `, element("code", code));
  item.append(head);
  if (hint) item.append(element("p", `hint: ${hint}`));
  const links = document.createElement("p");
  if (span.start && Object.hasOwn(files, span.file)) links.append(placeButton(span, Object.keys(files).length > 1));
  if (witness) links.append(" ", witnessButton(witness));
  if (links.hasChildNodes()) item.append(links);
  return item;
}

function button(text, data) {
  const b = element("button", text);
  b.type = "button";
  b.className = "link";
  Object.assign(b.dataset, data);
  return b;
}

function placeButton({ file, start, end }, named) {
  const where = named ? `line ${start.line} of ${file}` : `line ${start.line}`;
  const to = end ?? start;
  return button(where, { file, line: start.line, column: start.column, endLine: to.line, endColumn: to.column });
}

// witnessButton asks the request that shows a finding.
function witnessButton({ sid, passed, destination }) {
  return button(`ask ${JSON.stringify(destination)} of ${sid}, check ${passed ? "passed" : "failed"}`,
    { witness: JSON.stringify({ client: sid, passed, destination }) });
}
