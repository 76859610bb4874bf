import { accessSync, constants, existsSync, readFileSync, realpathSync, rmSync } from "node:fs";
import path from "node:path";
import { checkDisk } from "./disk.mjs";
import { explainPip, explainVenv } from "./explain.mjs";
import { inMemory, inRoot, root, venv } from "./paths.mjs";
import { pipOptions } from "./pip.mjs";
import { findPython } from "./python.mjs";
import { run, runShown } from "./run.mjs";
import { Problem, say } from "./say.mjs";
import { hashOf, readStamp, removeStamp, writeStamp } from "./stamp.mjs";

/**
 * @typedef {object} Jupyter
 * @property {string} python  the Python that runs it
 * @property {string} prefix  where our kernel and extension go: below `share/jupyter`
 */

const requirements = inRoot("scripts/requirements.txt");

function resolved(file) {
  try {
    return realpathSync(file);
  } catch {
    return "";
  }
}

/** Whether the project's own environment is there, complete, and made for this folder by a Python still in place. */
function venvIsCurrent(python) {
  const stamp = readStamp("venv");
  const now = hashOf(readFileSync(requirements), root, resolved(python));
  return resolved(python) !== "" && stamp.hash === now;
}

/** Fails at once, before anything is downloaded, when there will be no way to have a Jupyter. */
export async function checkPython() {
  const named = process.env.VITRADE_JUPYTER;
  if (named && !existsSync(path.resolve(named))) {
    throw new Problem(
      `VITRADE_JUPYTER names ${named}, which is not there: give the full path of a jupyter command.`,
    );
  }
  if (!named && !venvIsCurrent(path.join(venv, "bin/python"))) await findPython();
}

/** Makes `.venv` with JupyterLab, Notebook and nbconvert. */
async function installVenv() {
  const python = path.join(venv, "bin/python");
  if (venvIsCurrent(python)) return { python, prefix: venv };
  const base = await findPython();
  checkDisk(0.6e9);
  if (existsSync(venv) && !readStamp("venv").hash) say("an earlier setup did not finish: making .venv again");
  removeStamp("venv");
  rmSync(venv, { recursive: true, force: true });
  const made = await runShown("making a Python environment in .venv", "venv", base, ["-m", "venv", venv]);
  if (!made.ok) throw new Problem(explainVenv(made.output));
  const { args, env, reachable } = await pipOptions(python);
  const command = ["-m", "pip", "install", "--quiet", ...args, "-r", requirements];
  const { ok, output } = await runShown("installing JupyterLab", "pip", python, command, { env });
  if (!ok) throw new Problem(explainPip(output, reachable));
  writeStamp("venv", { hash: hashOf(readFileSync(requirements), root, resolved(python)) });
  return { python, prefix: venv };
}

/** The Python behind a `jupyter` command: the one named in its first line, else its neighbour. */
function pythonOf(jupyter) {
  const first = readFileSync(jupyter, "latin1").split("\n", 1)[0];
  const named = /^#!\s*(\S*python\S*)\s*$/.exec(first)?.[1];
  return named ?? path.join(path.dirname(jupyter), "python3");
}

function writable(folder) {
  let existing = folder;
  while (!existsSync(existing)) existing = path.dirname(existing);
  try {
    accessSync(existing, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether the kernel registered under our name is somebody else's, still in use. */
function isTaken(prefix) {
  try {
    const { argv } = JSON.parse(
      readFileSync(path.join(prefix, "share/jupyter/kernels/tslab/kernel.json"), "utf8"),
    );
    return argv[0] !== inRoot("node_modules/.bin/tslab") && existsSync(argv[0]);
  } catch {
    return false;
  }
}

/** What a Python says of itself: whether it has what we need, and where its Jupyter keeps things. */
const probe = `import sys
from importlib.util import find_spec
print(sys.prefix)
sys.exit(any(find_spec(name) is None for name in ("jupyterlab", "nbconvert", "psutil")))`;

/** A Jupyter of the reader's own. Our kernel and extension go into it, or beside the project where they cannot. */
async function useNamed(jupyter) {
  const python = pythonOf(jupyter);
  const { ok, output } = await run(python, ["-c", probe]);
  if (!ok) {
    throw new Problem(
      `The Jupyter in VITRADE_JUPYTER (${jupyter}) lacks JupyterLab, nbconvert or psutil: install them with "${python}" -m pip install jupyterlab notebook nbconvert psutil.`,
    );
  }
  const prefix = output.trim().split("\n").at(-1);
  const folders = ["share/jupyter/kernels/tslab", "share/jupyter/labextensions"];
  const open = folders.every((name) => writable(path.join(prefix, name))) && !isTaken(prefix);
  return { python, prefix: open ? prefix : inMemory("jupyter") };
}

/**
 * The Jupyter that runs the course: the one named in VITRADE_JUPYTER, else the project's own.
 * @returns {Promise<Jupyter>}
 */
export async function installJupyter() {
  const named = process.env.VITRADE_JUPYTER;
  const jupyter = named ? await useNamed(path.resolve(named)) : await installVenv();
  const before = readStamp("jupyter");
  if (before.python !== jupyter.python || before.prefix !== jupyter.prefix) writeStamp("jupyter", jupyter);
  return jupyter;
}
