/** `npm start`: opens the course in JupyterLab. Further arguments go to JupyterLab, e.g. `npm start -- --port 9000`. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { jupyterEnv } from "./reproduce/run.mjs";
import { inRoot, root } from "./setup/paths.mjs";
import { readStamp } from "./setup/stamp.mjs";

const folder = inRoot("notebooks");
const chapters = existsSync(folder)
  ? readdirSync(folder)
      .filter((name) => /^\d\d-.*\.ipynb$/.test(name))
      .sort()
  : [];
const opened = chapters.find((name) => name.startsWith("01")) ?? chapters[0] ?? "";
const jupyter = readStamp("jupyter");
if (!jupyter.python) {
  console.error("start: Jupyter is not set up: run npm run setup first.");
  process.exit(1);
}
const args = [
  "--notebook-dir",
  root,
  `--LabApp.default_url=/lab/tree/notebooks/${opened}`,
  "--ServerApp.answer_yes=True",
  "--MultiKernelManager.default_kernel_name=tslab",
];
const asRoot = process.getuid?.() === 0 ? ["--allow-root"] : [];
const child = spawn(jupyter.python, ["-m", "jupyterlab", ...args, ...asRoot, ...process.argv.slice(2)], {
  cwd: root,
  env: { ...process.env, ...jupyterEnv(jupyter) },
  stdio: "inherit",
});
let stopping = false;
process.on("SIGINT", () => {
  stopping = true;
});
process.on("SIGTERM", () => {
  stopping = true;
  child.kill("SIGTERM");
});
child.on("error", (error) => {
  console.error(`start: JupyterLab cannot be started (${error.message}): run npm run setup and try again.`);
  process.exitCode = 1;
});
child.on("close", (code) => {
  process.exitCode = stopping ? 0 : (code ?? 1);
});
