// Tokenizes texts as VS Code does, with its own libraries, for the Go tests that
// compare the scopes with what ups reads. Standard input has one JSON string, a
// text, a line; each is answered by a line of JSON:
//
//   {"tokens": [[line, start, end, "scope scope"], …], "slowest": milliseconds}
//
// Columns are characters, from 0; slowest is the line that took longest.
import fs from "node:fs";
import readline from "node:readline";
import { fileURLToPath } from "node:url";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";

const grammarFile = fileURLToPath(new URL("../syntaxes/upspolicy.tmLanguage.json", import.meta.url));
const wasm = fileURLToPath(import.meta.resolve("vscode-oniguruma").replace("main.js", "onig.wasm"));

async function loadGrammar() {
  await oniguruma.loadWASM(fs.readFileSync(wasm));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(fs.readFileSync(grammarFile, "utf8"), grammarFile),
  });
  return registry.loadGrammar("source.upspolicy");
}

// characters returns, for each index of a UTF-16 unit, how many characters stand
// before it.
function characters(line) {
  const counts = new Uint32Array(line.length + 2);
  let n = 0;
  for (let i = 0; i < line.length; i++) {
    counts[i] = n;
    const code = line.charCodeAt(i);
    if (code < 0xd800 || code >= 0xdc00) n++;
  }
  counts[line.length] = counts[line.length + 1] = n;
  return counts;
}

function tokenize(grammar, text) {
  const tokens = [];
  let stack = textmate.INITIAL;
  let slowest = 0;
  text.split(/\r\n|\r|\n/).forEach((line, number) => {
    const begun = performance.now();
    const result = grammar.tokenizeLine(line, stack);
    slowest = Math.max(slowest, performance.now() - begun);
    stack = result.ruleStack;
    const column = characters(line);
    for (const t of result.tokens) {
      tokens.push([number, column[t.startIndex], column[Math.min(t.endIndex, line.length)], t.scopes.slice(1).join(" ")]);
    }
  });
  return { tokens, slowest };
}

const grammar = await loadGrammar();
for await (const line of readline.createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(tokenize(grammar, JSON.parse(line))) + "\n");
}
