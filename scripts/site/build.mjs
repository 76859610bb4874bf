/** Builds the site: what it needs is installed once, its sources are written anew, VitePress makes pages of them. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { makeReference } from "../docs/reference.mjs";
import { inMemory, inRoot, root } from "../setup/paths.mjs";
import { Problem } from "../setup/say.mjs";
import { siteSources, siteTerms } from "./pages.mjs";

/** Where the site's sources and the built site lie: the sources beside the packages that pages import. */
export const sourcesFolder = inRoot("site/.sources");
export const siteFolder = inMemory("site/built");

const folder = inRoot("site");

/** Installs the site's own packages unless those of its lock file are there. */
export function installSite() {
  const stamp = inMemory("site/installed");
  const hash = createHash("sha256")
    .update(readFileSync(path.join(folder, "package-lock.json")))
    .digest("hex");
  const there = existsSync(path.join(folder, "node_modules/vitepress")) && existsSync(stamp);
  if (there && readFileSync(stamp, "utf8") === hash) return;
  console.log("site: installing VitePress (once, about 110 MB)");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const { status } = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    ...{ cwd: folder, stdio: "inherit", shell: process.platform === "win32" },
  });
  if (status !== 0) throw new Problem("the site's packages could not be installed; see above");
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
}

/** Writes the sources afresh. @param base  the site's path, such as "/" or "/course/" */
export function writeSources(base) {
  const { pages, files } = siteSources(root, base);
  rmSync(sourcesFolder, { recursive: true, force: true });
  for (const { path: name, content } of files) write(path.join(sourcesFolder, name), content);
  write(path.join(sourcesFolder, "pages.json"), JSON.stringify({ base, pages, ...siteTerms(root) }));
  for (const [name, source] of [
    ["dark.js", "lib/plot/labextension/static/dark.js"],
    ["icon.svg", "site/icon.svg"],
  ])
    write(path.join(sourcesFolder, "public", name), readFileSync(inRoot(source)));
  return pages;
}

/** Plotly as one small file beside the pages, made again only when its package has changed. */
async function writePlotly() {
  const source = inRoot("node_modules/plotly.js-dist/plotly.js");
  if (!existsSync(source)) throw new Problem("the project is not set up: run npm run setup first");
  const version = JSON.parse(
    readFileSync(inRoot("node_modules/plotly.js-dist/package.json"), "utf8"),
  ).version;
  const kept = inMemory(`site/plotly-${version}.js`);
  if (!existsSync(kept)) {
    const esbuild = await import(pathToFileURL(path.join(folder, "node_modules/esbuild/lib/main.js")).href);
    const { code } = await esbuild.transform(readFileSync(source, "utf8"), {
      minify: true,
      legalComments: "inline",
    });
    write(kept, code);
  }
  write(path.join(sourcesFolder, "public/plotly.js"), readFileSync(kept));
}

function write(file, content) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** @returns {Promise<{pages: number, seconds: number}>} what was built into `siteFolder` */
export async function buildSite(base = "/") {
  installSite();
  await makeReference();
  const started = performance.now();
  const pages = writeSources(base);
  await writePlotly();
  const vitepress = path.join(folder, "node_modules/vitepress/bin/vitepress.js");
  const { status } = spawnSync(process.execPath, [vitepress, "build", folder], {
    ...{ cwd: folder, stdio: "inherit" },
    env: { ...process.env, VITRADE_SITE_SOURCES: sourcesFolder, VITRADE_SITE_BUILT: siteFolder },
  });
  if (status !== 0) throw new Problem("VitePress did not build the site; see above");
  return { pages: pages.length + 1, seconds: (performance.now() - started) / 1000 };
}
