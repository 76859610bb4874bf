import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { inMemory, memory, root } from "./paths.mjs";
import { showWork } from "./say.mjs";

const running = new Set();

/** Ends the commands that are still running, when setup itself is told to stop. */
export function stopCommands() {
  for (const child of running) child.kill("SIGTERM");
}

/**
 * Runs a command to its end and keeps what it wrote.
 * @returns {Promise<{ok: boolean, output: string}>} `ok` is false too when the command cannot be started.
 */
export function run(command, args, { cwd = root, env = {}, onStart = () => {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.add(child);
    onStart(child.pid);
    let output = "";
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const end = (ok) => {
      running.delete(child);
      resolve({ ok, output });
    };
    child.on("error", (error) => {
      output += error.message;
      end(false);
    });
    child.on("close", (code) => end(code === 0));
  });
}

/** Runs a long command under a progress line; what it wrote goes to `.vitrade/NAME.log`. */
export async function runShown(label, name, command, args, options) {
  const done = showWork(label);
  const result = await run(command, args, options);
  mkdirSync(memory, { recursive: true });
  writeFileSync(inMemory(`${name}.log`), result.output);
  done(result.ok ? "done" : "failed");
  return result;
}
