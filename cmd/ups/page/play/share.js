"use strict";

// A link has the sources after its #, which a browser doesn't send: JSON,
// compressed by deflate, in base64 for addresses. That is bounded, since anybody
// can make one.
const maxLink = 1 << 16; // characters
const maxShared = 1 << 20; // bytes of JSON

const errors = {
  broken: "The link is damaged, and what it should show can't be read.",
  large: "The link has more than a playground takes.",
};

// pack returns what stands after the # for some sources; null if it is too long.
async function pack(shared) {
  const stream = new Blob([JSON.stringify(shared)]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  const packed = btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return packed.length > maxLink ? null : packed;
}

// unpack returns the sources of what stands after a #. Its errors are for people.
async function unpack(packed) {
  if (packed.length > maxLink) throw new Error(errors.large);
  let shared;
  try {
    const text = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
    shared = JSON.parse(await inflateText(Uint8Array.from(text, (c) => c.charCodeAt(0))));
  } catch (error) {
    throw new Error(error.message === errors.large ? errors.large : errors.broken);
  }
  if (!areSources(shared)) throw new Error(errors.broken);
  return shared;
}

// inflateText stops where there is too much.
async function inflateText(bytes) {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "", size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    if ((size += value.length) > maxShared) {
      reader.cancel();
      throw new Error(errors.large);
    }
    text += decoder.decode(value, { stream: true });
  }
}

const fileName = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;
const maxFiles = 16;

// readSources reads files of this machine. Its errors are for people.
async function readSources(list) {
  const size = list.reduce((sum, file) => sum + file.size, 0);
  const name = list.map((file) => file.name).find((name) => name.toLowerCase().endsWith(".rss"));
  const files = {};
  if (name && size <= maxShared && list.length <= maxFiles) {
    for (const file of list) files[file.name] = await readText(file);
    if (areSources({ name, files })) return { name, files };
  }
  throw new Error("Open one source, whose name ends in .rss, and the headers that it includes: 16 files and 1 MiB at most.");
}

// readText reads a file in UTF-8, to the letter: another text would compile to
// something else.
async function readText(file) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer());
  } catch {
    throw new Error(`${file.name} isn't UTF-8, and a page edits nothing else.`);
  }
}

// areSources reports whether a value is what the module takes.
function areSources(value) {
  if (typeof value !== "object" || value === null) return false;
  const { name, files } = value;
  if (typeof name !== "string" || typeof files !== "object" || files === null || !Object.hasOwn(files, name)) return false;
  const all = Object.entries(files);
  return all.length <= maxFiles && all.every(([file, text]) => fileName.test(file) && typeof text === "string");
}
