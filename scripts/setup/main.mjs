import { checkPython, installJupyter } from "./jupyter.mjs";
import { installExtension, installKernel, quietLab } from "./kernel.mjs";
import { buildLibrary } from "./library.mjs";
import { takeLock } from "./lock.mjs";
import { installPackages } from "./packages.mjs";
import { applyPatches } from "./patches.mjs";
import { venv } from "./paths.mjs";
import { stopCommands } from "./run.mjs";
import { Problem, say, secondsSince } from "./say.mjs";

async function steps() {
  await checkPython();
  const backend = await installPackages();
  await applyPatches();
  await buildLibrary();
  const jupyter = await installJupyter();
  await installKernel(jupyter);
  installExtension(jupyter);
  quietLab(jupyter, venv);
  return backend;
}

/** A failure of the machine rather than of the project, said in one line. */
function lineFor(error) {
  if (error instanceof Problem) return error.message;
  if (error.code === "ENOSPC") return "The disk is full: make about 2.5 GB free and run the command again.";
  if (error.code === "EACCES" || error.code === "EPERM" || error.code === "EROFS") {
    return `${error.path ?? "A file of the project"} cannot be written: give yourself the right to write there and run the command again.`;
  }
  if (error.code === "ENOENT" && error.path) {
    return `${error.path} is missing: restore the project's files (git status names them) and run the command again.`;
  }
  throw error;
}

/** Brings the project to where its commands work; ends the process with 1 and one line when it cannot. */
export async function setup() {
  const started = performance.now();
  let release = () => {};
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      stopCommands();
      release();
      process.exit(130);
    });
  }
  try {
    release = await takeLock();
    const backend = await steps();
    say(`ready, backend ${backend} (${secondsSince(started)})`);
  } catch (error) {
    console.error(`setup: ${lineFor(error)}`);
    process.exitCode = 1;
  } finally {
    release();
  }
}
