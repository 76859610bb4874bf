/** `npm run bench [-- NAME…]`: runs the benchmarks in bench/, all or those named. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { inRoot, root } from "./setup/paths.mjs";

const folder = inRoot("bench");
const files = (existsSync(folder) ? readdirSync(folder, { recursive: true }) : []).filter((name) =>
  /\.bench\.[cm]?[jt]s$/.test(name),
);

if (files.length === 0) {
  console.log("bench: no benchmark in bench/");
} else {
  const command = [inRoot("node_modules/vitest/vitest.mjs"), "bench", "--run", ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" });
  process.exitCode = status ?? 1;
}
