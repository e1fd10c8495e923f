// Lays out the site the server embeds: node scripts/site.mjs <work dir> <public dir> <site dir>
//
// Bundles and style sheet get names with a hash of their content, so a browser may keep them for
// ever; pkg/manifest.json tells the server those names. Every text, WASM and SVG file of some size
// has a .br and a .gz beside it, so the server never compresses them again. Files that did not
// change are not touched: their times tell cargo whether to embed them anew.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import * as zlib from "node:zlib";

const [work, publicDir, site] = process.argv.slice(2);
const COMPRESSIBLE = /\.(js|mjs|css|wasm|svg|txt|json|webmanifest|html|xml|map|ico)$/;
const SMALLEST = 512;

const files = (dir) =>
  existsSync(dir)
    ? readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(dir, join(entry.parentPath ?? entry.path, entry.name)))
    : [];

/** Path in the site → content. */
const wanted = new Map();
const manifest = {};

function hashed(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 16);
  manifest[name] = name.replace(/\.(\w+)$/, `.${hash}.$1`);
  wanted.set(join("pkg", manifest[name]), content);
}

for (const audience of ["customer", "desk"]) {
  const js = readFileSync(join(work, audience, `${audience}.js`));
  // Names in the script itself would be without a hash: the page hands the WASM's address to it.
  if (/import\.meta|from\s*['"]\./.test(js)) throw new Error(`${audience}.js names another file`);
  hashed(`${audience}.js`, js);
  hashed(`${audience}.wasm`, readFileSync(join(work, `${audience}.wasm`)));
}
hashed("coco.css", readFileSync(join(work, "coco.css")));
for (const path of files(publicDir)) wanted.set(path, readFileSync(join(publicDir, path)));
wanted.set(join("pkg", "manifest.json"), Buffer.from(JSON.stringify(manifest, null, 2) + "\n"));

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);
const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = zlib.constants;

async function place(path, content) {
  const target = join(site, path);
  const same = existsSync(target) && readFileSync(target).equals(content);
  if (!same) {
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
  if (content.length <= SMALLEST || !COMPRESSIBLE.test(path)) return [path];
  const params = {
    [BROTLI_PARAM_QUALITY]: 11,
    [BROTLI_PARAM_LGWIN]: 24,
    [BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  for (const [ending, compress] of [
    [".br", () => brotli(content, { params })],
    [".gz", () => gzip(content, { level: 9 })],
  ]) {
    if (!same || !existsSync(target + ending)) writeFileSync(target + ending, await compress());
  }
  return [path, `${path}.br`, `${path}.gz`];
}

const placed = new Set((await Promise.all([...wanted].map(([path, content]) => place(path, content)))).flat());
for (const path of files(site)) if (!placed.has(path)) rmSync(join(site, path));

for (const [name, file] of Object.entries(manifest)) {
  const kb = (ending) => {
    const path = join(site, "pkg", file + ending);
    return existsSync(path) ? `${(readFileSync(path).length / 1024).toFixed(0)} KB` : "–";
  };
  console.error(`  ${name.padEnd(14)} ${kb("").padStart(8)}   brotli ${kb(".br").padStart(7)}`);
}
