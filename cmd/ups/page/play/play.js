"use strict";

// How long nothing must be typed before lint and the picture follow, in
// milliseconds.
const pause = 120;

// How many problems and rows of policies are shown at first.
const firstProblems = 20, firstPolicies = 200;

// Playground holds the sources and shows what is found in them. One worker
// compiles and answers requests, and is quick; another one runs lint and draws.
class Playground {
  constructor() {
    this.quick = new Engine(pageModule);
    this.thorough = new Engine(() => this.quick.ready());
    this.editor = new Editor((text) => this.typed(text));
    this.box = new RequestBox(document.querySelector(".request-box"), this.quick, 0);
    this.compile = latest((version) => this.compileOnce(version));
    this.look = latest((version) => this.lookOnce(version));
    this.version = 0;
    this.all = false;
    this.listen();
  }

  listen() {
    const on = (id, event, handler) => document.getElementById(id).addEventListener(event, handler);
    on("example", "change", (event) => this.open(examples[event.target.value], event.target.value));
    on("file", "change", (event) => this.show(event.target.value));
    on("open", "change", (event) => this.read([...event.target.files]));
    on("share", "click", () => this.share());
    on("more", "click", () => this.showAll());
    on("policies", "toggle", () => this.fillTable());
    on("problems", "click", (event) => this.go(event));
    document.querySelector("table.rows").addEventListener("click", (event) => this.go(event));
    document.addEventListener("ups:policy", ({ detail }) => this.ensureRow(detail.policy), true); // before the page looks for it
    addEventListener("hashchange", () => this.openLink());
  }

  // open opens sources, and fills in the request that belongs to them. Those of an
  // example have its number.
  open({ name, files, request }, example = "") {
    document.getElementById("example").value = example;
    this.sources = { name, files: { ...files } };
    const select = document.getElementById("file");
    select.replaceChildren(...Object.keys(files).map((file) => new Option(file, file, false, file === name)));
    select.disabled = Object.keys(files).length < 2;
    this.box.fill({ client: "0x20000001", destination: "", passed: false, fromROM: false, ...request }, false);
    this.show(name);
    this.changed();
  }

  // show shows one of the files.
  show(file) {
    this.file = file;
    document.getElementById("file").value = file;
    this.editor.show(this.sources.files[file], file);
    this.markProblems();
  }

  typed(text) {
    this.sources.files[this.file] = text;
    this.changed();
  }

  changed() {
    const version = ++this.version;
    this.compile(version);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.look(version), pause);
  }

  // compileOnce shows what the compiler says, and asks again by the new list.
  async compileOnce(version) {
    const outcome = await this.ask(this.quick, "compile");
    if (version !== this.version || !outcome) return;
    this.failed = outcome.compiled === null;
    document.getElementById("stale").hidden = !this.failed;
    if (this.failed || !this.problems) this.showProblems(outcome.found);
    if (!this.failed) this.box.ask(false);
  }

  // lookOnce shows what lint says, and the picture.
  async lookOnce(version) {
    const outcome = await this.ask(this.thorough, "look");
    if (version !== this.version || !outcome) return;
    this.showProblems(outcome.found);
    if (outcome.picture) this.showPicture(outcome);
    if (outcome.policies) showFacts(outcome.policies);
    document.body.dataset.version = version; // for who waits for it
  }

  // ask calls the module with the sources. What goes wrong is shown.
  async ask(engine, method) {
    try {
      return await engine.call(method, JSON.stringify(this.sources));
    } catch (error) {
      document.getElementById("summary").textContent = error.message;
      return null;
    }
  }

  showProblems({ summary, diagnostics }) {
    this.problems = diagnostics;
    const text = diagnostics.length === 0 ? "No errors, and nothing suspicious." : counts(summary);
    document.getElementById("summary").textContent = text;
    clearTimeout(this.telling);
    this.telling = setTimeout(() => { document.getElementById("told").textContent = text; }, 800);
    this.all = false;
    this.listProblems();
    this.markProblems();
  }

  listProblems() {
    const shown = this.all ? this.problems : this.problems.slice(0, firstProblems);
    document.getElementById("problems").replaceChildren(...shown.map((d) => problem(d, this.sources.files)));
    const more = document.getElementById("more");
    more.hidden = shown.length === this.problems.length;
    more.textContent = `Show all ${this.problems.length.toLocaleString("en")} problems`;
  }

  showAll() {
    this.all = true;
    this.listProblems();
    const next = document.querySelectorAll("#problems li")[firstProblems]; // the button is gone
    next.tabIndex = -1;
    next.focus();
  }

  // markProblems marks what is wrong in the file that is shown.
  markProblems() {
    const starts = lineStarts(this.editor.text);
    const ranges = (this.problems ?? []).filter((d) => d.span.file === this.file && d.span.start).slice(0, 200).map((d) => ({
      start: unitAt(this.editor.text, starts, d.span.start),
      end: unitAt(this.editor.text, starts, d.span.end ?? d.span.start), severity: d.severity,
    }));
    this.editor.mark(ranges);
  }

  // go goes to the place of a button.
  go(event) {
    const { file, line, column, endLine, endColumn, witness } = event.target.closest("button")?.dataset ?? {};
    if (witness) this.box.fill(JSON.parse(witness));
    if (!Object.hasOwn(this.sources.files, file ?? "")) return; // a built-in header
    if (file !== this.file) this.show(file);
    const starts = lineStarts(this.editor.text);
    const start = unitAt(this.editor.text, starts, { line: Number(line), column: Number(column) });
    this.editor.select(start, unitAt(this.editor.text, starts, { line: Number(endLine), column: Number(endColumn) }));
  }

  showPicture({ picture, policies }) {
    this.unmount?.abort();
    this.unmount = new AbortController();
    const svg = new DOMParser().parseFromString(picture, "image/svg+xml").documentElement;
    const canvas = document.querySelector(".canvas");
    canvas.replaceChildren(document.adoptNode(svg));
    this.policies = policies;
    document.querySelector("table.rows tbody").replaceChildren();
    if (policies.length <= firstPolicies) this.fillTable(true);
    else this.fillTable();
    upsPicture.mount(svg, 0, this.unmount.signal);
  }

  // fillTable fills the table of policies; one of many only when it is looked at.
  fillTable(now = document.getElementById("policies").open) {
    if (!now || !this.policies) return;
    document.querySelector("table.rows tbody").replaceChildren(...this.policies.slice(1).concat(this.policies[0]).map(policyRow, this));
  }

  // ensureRow makes the row of a policy, which the page looks up.
  ensureRow(number) {
    if (!this.policies?.[number] || document.getElementById(`l0p${number}`)) return;
    document.querySelector("table.rows tbody").append(policyRow(this.policies[number]));
  }

  async share() {
    const shared = document.getElementById("shared");
    const packed = await pack({ ...this.sources, request: this.box.typed() });
    if (packed === null) {
      shared.textContent = "The sources are too long for a link.";
      return;
    }
    history.replaceState(null, "", `#${packed}`);
    const said = "It has the source in it; a browser doesn't send what stands after the #.";
    try {
      await navigator.clipboard.writeText(location.href);
      shared.textContent = `The link is copied. ${said}`;
    } catch {
      shared.textContent = `The link is in the address bar. ${said}`;
    }
  }

  // openLink opens what the address has after its #, and reports whether that is
  // anything.
  async openLink() {
    if (location.hash.length < 2) return false;
    try {
      this.open(await unpack(location.hash.slice(1)));
      document.getElementById("shared").textContent = "";
      return true;
    } catch (error) {
      document.getElementById("shared").textContent = error.message;
      return false;
    }
  }

  // read opens files of this machine: a source and its headers.
  async read(list) {
    const shared = document.getElementById("shared");
    try {
      this.open(await readSources(list));
      shared.textContent = "";
    } catch (error) {
      shared.textContent = error.message;
    }
  }

  async begin() {
    const select = document.getElementById("example");
    const own = new Option("your own", "");
    own.disabled = true;
    select.replaceChildren(own, ...examples.map((example, i) => new Option(example.title, i)));
    if (!(await this.openLink())) this.open(examples[0], 0);
  }
}

const examples = JSON.parse(document.getElementById("examples").textContent);
const playground = new Playground();
playground.begin();
