import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inRoot } from "./paths.mjs";
import { runShown } from "./run.mjs";
import { Problem } from "./say.mjs";
import { filesUnder, hashOf, readStamp, removeStamp, writeStamp } from "./stamp.mjs";

/** What the kernel's process gets on top of the caller's environment. VITRADE_BACKEND stays the caller's. */
const kernelEnv = { NODE_OPTIONS: "--disable-warning=ExperimentalWarning" };

/** Registers the TypeScript kernel with one Jupyter, and with no other. */
export async function installKernel({ python, prefix }) {
  const spec = path.join(prefix, "share/jupyter/kernels/tslab/kernel.json");
  const binary = inRoot("node_modules/.bin/tslab");
  const version = readFileSync(inRoot("node_modules/tslab/package.json"));
  const hash = hashOf(python, prefix, binary, version, JSON.stringify(kernelEnv));
  if (existsSync(spec) && readStamp("kernel").hash === hash) return;
  removeStamp("kernel");
  const args = ["install", "--prefix", prefix, "--python", python, "--binary", binary];
  const { ok, output } = await runShown("registering the TypeScript kernel", "kernel", binary, args);
  if (!ok || !existsSync(spec)) {
    const reason = output.trim().split("\n").at(-1) || "no message";
    throw new Problem(
      `The TypeScript kernel could not be registered (${reason}). Details: .vitrade/kernel.log`,
    );
  }
  const kernel = { ...JSON.parse(readFileSync(spec, "utf8")), display_name: "TypeScript", env: kernelEnv };
  writeFileSync(spec, `${JSON.stringify(kernel, null, 2)}\n`);
  writeStamp("kernel", { hash });
}

/** Puts the extension that draws figures in the browser where JupyterLab and Notebook look for it. */
export function installExtension({ prefix }) {
  const source = inRoot("lib/plot/labextension");
  const plotly = inRoot("node_modules/plotly.js-dist/plotly.js");
  const target = path.join(prefix, "share/jupyter/labextensions/vitrade-plotly");
  const files = [...filesUnder(source).map((name) => path.join(source, name)), plotly];
  const facts = files.map((file) => `${file} ${statSync(file).size} ${statSync(file).mtimeMs}`);
  const hash = hashOf(target, ...facts);
  if (existsSync(path.join(target, "static/plotly.js")) && readStamp("extension").hash === hash) return;
  removeStamp("extension");
  rmSync(target, { recursive: true, force: true });
  mkdirSync(path.dirname(target), { recursive: true });
  cpSync(source, target, { recursive: true });
  cpSync(plotly, path.join(target, "static/plotly.js"));
  writeStamp("extension", { hash });
}

/** JupyterLab asks the network for news and updates unless told not to; told in the project's own Jupyter only. */
export function quietLab({ prefix }, own) {
  const file = path.join(prefix, "share/jupyter/lab/settings/overrides.json");
  if (prefix !== own || existsSync(file)) return;
  const settings = {
    "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
  };
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(settings, null, 2)}\n`);
}
