"use strict";

// The policies: what they do with the sample, together and each.

// showFacts sums up what the policies do with the requests of the sample.
function showFacts(policies) {
  const all = policies.reduce((sum, p) => sum + p.requests, 0) || 1;
  const part = (effect) => {
    const of = policies.reduce((sum, p) => sum + (p.effect === effect ? p.requests : 0), 0);
    return `${Math.round(100 * of / all)} %`;
  };
  const facts = [
    [policies.length - 1, policies.length === 2 ? "policy" : "policies"], [part("allow"), "allowed", "allow"], [part("ask"), "asked about", "ask"],
    [part("deny"), "denied", "deny"], [policies.filter((p) => p.number > 0 && p.reach === "shadowed").length, "shadowed"],
  ];
  document.getElementById("facts").replaceChildren(...facts.map(([value, name, effect]) => {
    const item = document.createElement("li");
    if (effect) item.className = effect;
    item.append(element("strong", value.toLocaleString("en")), ` ${name}`);
    return item;
  }));
}

// policyRow is a row of the table of policies, with the id that the page looks for.
function policyRow(p) {
  const r = document.createElement("tr");
  r.id = `l0p${p.number}`;
  r.dataset.policy = p.number;
  const head = document.createElement("th");
  head.scope = "row";
  const choose = element("button", p.number === 0 ? "default" : p.number);
  choose.type = "button";
  choose.dataset.policy = p.number;
  head.append(choose);
  const line = document.createElement("td");
  if (p.line) line.append(button(String(p.line), { file: p.file, line: p.line, column: 1, endLine: p.line + 1, endColumn: 1 }));
  const destination = document.createElement("td");
  destination.append(element("code", p.destination));
  const does = document.createElement("td");
  const effect = element("span", p.effect);
  effect.className = `effect ${p.effect}`;
  does.append(effect, p.offers ? ` ${p.offers}` : "");
  const check = p.check === "passed or failed" ? "either" : p.check;
  r.append(head, line, destination, ...[p.who, check].map((text) => element("td", text)), does, ...[p.requests, p.reach].map((text) => element("td", text)));
  return r;
}
