"use strict";

// A call that takes longer is given up, and its worker with it.
const patience = 20000;

// Engine calls the functions of the module in a worker, so that the page never
// waits. Source returns a promise of the module: base64 text, or what another
// engine has made of that. The worker starts with the first call.
class Engine {
  constructor(source) {
    this.source = source;
    this.waiting = new Map(); // calls without an answer, by their numbers
    this.next = 0;
    this.loads = []; // for a worker that replaces this one
  }

  // ready starts the worker and returns a promise of the module, compiled.
  ready() {
    this.started ??= this.start();
    return this.started;
  }

  async start() {
    const source = await this.source();
    const code = document.getElementById("ups-worker").textContent;
    const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    this.worker = new Worker(address);
    URL.revokeObjectURL(address);
    this.worker.onmessage = ({ data }) => this.receive(data);
    this.worker.onerror = (event) => this.fail(event.message || "the worker failed");
    const { module } = await this.post("start", [source]);
    for (const load of this.loads) await this.post("load", load);
    return module;
  }

  async call(method, ...args) {
    await this.ready();
    return this.post(method, args);
  }

  // load loads a compiled list, in this worker and in one that replaces it.
  async load(...args) {
    await this.call("load", ...args);
    this.loads.push(args);
  }

  post(method, args) {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.fail("it took too long, and was given up"), patience);
      this.waiting.set(id, { resolve, reject, timer });
      this.worker.postMessage({ id, method, args });
    });
  }

  receive({ id, result, error, exited }) {
    if (exited) {
      this.fail("the module ended");
      return;
    }
    const call = this.waiting.get(id);
    if (!call) return;
    this.waiting.delete(id);
    clearTimeout(call.timer);
    if (error === undefined) call.resolve(result);
    else call.reject(new Error(error));
  }

  // fail ends a worker that can't be used any more; the next call has a new one.
  fail(message) {
    this.worker.terminate();
    this.started = undefined;
    for (const call of this.waiting.values()) {
      clearTimeout(call.timer);
      call.reject(new Error(message));
    }
    this.waiting.clear();
  }
}

// pageModule is a promise of the module that the page has at its end.
function pageModule() {
  return new Promise((resolve) => {
    const read = () => resolve(document.getElementById("ups-module").textContent);
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", read);
    else read();
  });
}

// latest returns a function that runs work on the newest of its arguments alone:
// while one runs, only the last of those that come is kept.
function latest(work) {
  let running = false, pending = null;
  return async function run(...args) {
    pending = args;
    if (running) return;
    running = true;
    try {
      while (pending) {
        const now = pending;
        pending = null;
        await work(...now);
      }
    } finally {
      running = false;
    }
  };
}
