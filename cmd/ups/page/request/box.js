"use strict";

// How many policies that don't match are shown at first.
const firstRows = 25;

// RequestBox asks one list who decides a request.
class RequestBox {
  constructor(element, engine, list) {
    this.engine = engine;
    this.list = list;
    this.build(element);
    this.run = latest((asked) => this.answer(asked));
    this.form.addEventListener("input", () => this.ask());
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.part(".request-more").addEventListener("click", () => this.showAll());
  }

  // build fills the element; ids are unique on the page.
  build(element) {
    const copy = document.getElementById("request-template").content.cloneNode(true);
    for (const part of copy.querySelectorAll("[id]")) part.id = `request-${this.list}-${part.id}`;
    for (const part of copy.querySelectorAll("[aria-describedby]")) {
      part.setAttribute("aria-describedby", `request-${this.list}-${part.getAttribute("aria-describedby")}`);
    }
    for (const part of copy.querySelectorAll("[data-for]")) part.htmlFor = `request-${this.list}-${part.dataset.for}`;
    this.element = element;
    this.form = copy.querySelector("form");
    element.replaceChildren(copy);
    element.hidden = false;
    const { client, destination, passed } = element.dataset;
    if (client) this.fill({ client, destination, passed: passed === "true" }, false);
  }

  part(selector) {
    return this.element.querySelector(selector);
  }

  // request returns what is typed, or null if that is no request.
  request() {
    const { client, destination, security, rom } = this.form.elements;
    const sid = /^0x[0-9a-f]{1,8}$/i.test(client.value.trim());
    const fits = destination.value.length <= 1024;
    this.complain(client, sid ? "" : "want 0x and up to eight hexadecimal digits, such as 0x101f7f1f");
    this.complain(destination, fits ? "" : "it has more than 1,024 UTF-16 units");
    if (!sid || !fits) return null;
    return {
      client: Number(client.value.trim()), passed: security.value === "passed",
      drive: rom.checked ? "z" : "c", destination: destination.value,
    };
  }

  complain(input, message) {
    input.setAttribute("aria-invalid", String(message !== ""));
    document.getElementById(input.getAttribute("aria-describedby")).textContent = message;
  }

  // fill sets the fields, of which each may be left out, and asks.
  fill({ client, destination, passed, fromROM }, asks = true) {
    const fields = this.form.elements;
    if (client !== undefined) fields.client.value = client;
    if (destination !== undefined) fields.destination.value = destination;
    if (passed !== undefined) fields.security.value = passed ? "passed" : "failed";
    if (fromROM !== undefined) fields.rom.checked = fromROM;
    return asks && this.ask();
  }

  // typed returns the fields as fill takes them.
  typed() {
    const { client, destination, security, rom } = this.form.elements;
    return { client: client.value, destination: destination.value, passed: security.value === "passed", fromROM: rom.checked };
  }

  // ask asks for what is typed. Only what a person asked lights up in the page.
  ask(shown = true) {
    const request = this.request();
    if (request) return this.run({ ...request, shown });
    this.part(".request-answer").hidden = true; // of another request
  }

  async answer({ client, passed, drive, destination, shown, rows = firstRows }) {
    try {
      const { answer, lines } = await this.engine.call("answer", this.list, rows, client, passed, drive, units(destination));
      this.show(answer, lines);
      if (shown) document.dispatchEvent(new CustomEvent("ups:policy", { detail: { list: this.list, policy: answer.policy } }));
    } catch (error) {
      this.part(".request-answer").hidden = true;
      this.say(error.message);
    }
  }

  // say tells a screen reader, when nothing has been typed for a moment.
  say(text) {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => { this.part(".request-status").textContent = text; }, 400);
  }

  show(answer, lines) {
    const kind = verdict(answer);
    const which = answer.policy === null
      ? `No policy matches: the default policy decides`
      : `Policy ${answer.policy} of ${answer.policies} decides`;
    this.part(".request-answer").hidden = false;
    this.part(".verdict").dataset.kind = kind.name;
    this.part(".chip").textContent = kind.word;
    this.part(".verdict-text").textContent = answer.place ? `${which} (line ${answer.place.line})` : which;
    this.detail(answer, kind, lines);
    this.part(".verdict-library").textContent = library(answer);
    this.part(".verdict-library").hidden = library(answer) === "";
    this.showRows(answer);
    this.showLines(lines);
    this.element.dataset.policy = answer.policy === null ? "default" : answer.policy;
    this.say(`${which}. ${kind.sentence} ${library(answer)}`);
  }

  detail(answer, kind, lines) {
    const pattern = document.createElement("code");
    pattern.textContent = answer.destination || '""';
    const options = document.createElement("code");
    options.textContent = lines.find((line) => line.name === "options").text;
    this.part(".verdict-detail").replaceChildren(`${kind.sentence} Destination `, pattern, ", options ", options, ".");
  }

  // showRows shows the earlier policies that the answer tells of.
  showRows(answer) {
    const before = answer.policy === null ? answer.policies : answer.policy - 1;
    this.part(".request-earlier").hidden = before === 0;
    this.part(".request-summary").textContent = summary(answer, before);
    this.part("tbody").replaceChildren(...answer.earlier.map(row));
    const more = this.part(".request-more");
    more.hidden = answer.earlier.length === before;
    more.textContent = `Show all ${before.toLocaleString("en")}`;
  }

  async showAll() {
    await this.run({ ...this.request(), rows: 1e9 });
    const next = this.part("tbody").rows[firstRows]; // the button is gone
    next.tabIndex = -1;
    next.focus();
  }

  showLines(lines) {
    this.part("dl").replaceChildren(...lines.flatMap(({ name, text }) => [element("dt", name), element("dd", text)]));
  }
}

function element(name, text) {
  const e = document.createElement(name);
  e.textContent = text;
  return e;
}

// units returns the UTF-16 units of a text in bytes, the lower one first.
function units(text) {
  const bytes = new Uint8Array(2 * text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    bytes[2 * i] = unit & 255;
    bytes[2 * i + 1] = unit >> 8;
  }
  return bytes;
}

const verdicts = {
  allow: { name: "allow", word: "✓ Allow", sentence: "Allowed, and nobody is asked." },
  ask: { name: "ask", word: "? Ask", sentence: "The user is asked." },
  deny: { name: "deny", word: "✕ Deny", sentence: "Denied, and nobody is asked." },
};

// verdict says what becomes of the request, in one word.
function verdict(answer) {
  if (answer.clientLibrary === "allow") return verdicts.allow;
  if (answer.clientLibrary === "reject") return verdicts.deny;
  if (answer.prompts) return verdicts.ask;
  return answer.decision.endsWith("yes") ? verdicts.allow : verdicts.deny;
}

// library says what the client library does before anything is sent.
function library(answer) {
  switch (answer.clientLibrary) {
    case "allow": return "The client library allows it without asking the service, so the policy doesn't take effect.";
    case "reject": return "The client library rejects it without asking the service, so the policy doesn't take effect.";
  }
  return "";
}

function summary({ policy }, before) {
  const n = before.toLocaleString("en");
  if (policy === null) return before === 1 ? "The one policy doesn't match:" : `None of the ${n} policies matches:`;
  return before === 1 ? "The policy before it doesn't match:" : `None of the ${n} policies before it matches:`;
}

// row is an earlier policy, and what the request misses of it.
function row({ policy, sid, destination, security, why }) {
  const r = document.createElement("tr");
  const number = element("th", policy);
  number.scope = "row";
  r.append(number, met(sid), met(destination), met(security), element("td", why));
  return r;
}

function met(holds) {
  const cell = element("td", holds ? "✓" : "✕");
  const word = element("span", holds ? " meets" : " misses");
  word.className = "met-word"; // for which there is not always room
  cell.append(word);
  cell.className = holds ? "meets" : "misses";
  return cell;
}

// bytesOf returns the bytes of base64 text.
function bytesOf(text) {
  return Uint8Array.from(atob(text.trim()), (c) => c.charCodeAt(0));
}

// reportEngine answers for all boxes of a report.
const reportEngine = new Engine(pageModule);

// mountRequestBoxes fills the boxes of a report, each of which has its list in an
// element of the page. Each shows an answer when it first comes into view.
function mountRequestBoxes() {
  const boxes = new Map();
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      boxes.get(target).ask(false);
    }
  });
  for (const element of [...document.querySelectorAll(".request-box")].filter(compiledOf)) {
    boxes.set(element, new RequestBox(element, new LoadedEngine(reportEngine, element), Number(element.dataset.list)));
    seen.observe(element);
  }
}

function compiledOf(box) {
  return document.querySelector(`.compiled[data-list="${box.dataset.list}"]`);
}

// LoadedEngine loads the list of a box before its first request.
class LoadedEngine {
  constructor(engine, box) {
    this.engine = engine;
    this.box = box;
  }

  async call(...args) {
    this.loaded ??= this.load();
    await this.loaded;
    return this.engine.call(...args);
  }

  load() {
    const compiled = compiledOf(this.box);
    return this.engine.load(Number(this.box.dataset.list), compiled.dataset.name, bytesOf(compiled.textContent));
  }
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mountRequestBoxes);
else mountRequestBoxes();
