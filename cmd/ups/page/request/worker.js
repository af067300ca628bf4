// Runs in a worker, after wasm_exec.js: loads the module and calls its functions.
"use strict";

// inflate returns the bytes of base64 text that gzip compressed.
async function inflate(text) {
  const packed = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

// start runs the module, and returns it for another worker.
async function start(source) {
  const module = source instanceof WebAssembly.Module ? source : await WebAssembly.compile(await inflate(source));
  const go = new Go();
  const instance = await WebAssembly.instantiate(module, go.importObject);
  go.run(instance).then(() => postMessage({ exited: true }));
  return { module };
}

function call(method, args) {
  const { result, error } = ups[method](...args);
  return error === undefined ? { result: result && JSON.parse(result) } : { error };
}

let started;
onmessage = async ({ data: { id, method, args } }) => {
  try {
    if (method === "start") {
      started = start(args[0]);
      postMessage({ id, result: await started });
      return;
    }
    await started;
    postMessage({ id, ...call(method, args) });
  } catch (error) {
    postMessage({ id, error: String(error) });
  }
};
