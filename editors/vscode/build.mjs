// Bundles the extension, and writes the licences of what came into the bundle
// beside it.
import esbuild from "esbuild";
import fs from "node:fs";
import path from "node:path";

const { metafile } = await esbuild.build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  minify: true,
  format: "cjs",
  platform: "node",
  target: "node18",
  external: ["vscode"],
  metafile: true,
  logLevel: "warning",
});

const inPackage = /^node_modules\/(@[^/]+\/[^/]+|[^/]+)\//;
const packages = new Set(Object.keys(metafile.inputs).map((file) => inPackage.exec(file)?.[1]).filter(Boolean));

function licence(name) {
  const folder = path.join("node_modules", name);
  const file = fs.readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} has no licence`);
  const { version } = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
  return `${name} ${version}\n\n${fs.readFileSync(path.join(folder, file), "utf8").trim()}\n`;
}

fs.writeFileSync("dist/NOTICES.txt", [...packages].sort().map(licence).join("\n\n"));
