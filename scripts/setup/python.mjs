import { run } from "./run.mjs";
import { Problem } from "./say.mjs";

const names = ["python3", "python", "python3.13", "python3.12", "python3.11", "python3.10", "python3.9"];
const probe = `import sys
def has(*names):
    for name in names:
        try: __import__(name)
        except Exception: return 0
    return 1
print("vitrade %d.%d %d %s" % (sys.version_info[0], sys.version_info[1], has("venv", "ensurepip"), sys.executable))`;

/** What a command says of itself: its version, whether it can make environments, where it is; null if it is no Python. */
async function ask(name) {
  const { ok, output } = await run(name, ["-c", probe]);
  const found = ok && /^vitrade (\d+)\.(\d+) ([01]) (.+)$/m.exec(output);
  if (!found) return null;
  const [, major, minor, venv, executable] = found;
  const recent = Number(major) > 3 || (Number(major) === 3 && Number(minor) >= 9);
  return { name, version: `${major}.${minor}`, recent, venv: venv === "1", executable };
}

/**
 * The first Python on the path that is 3.9 or newer and can make virtual environments.
 * @throws Problem with the remedy when there is none
 */
export async function findPython() {
  const found = [];
  for (const name of names) {
    const python = await ask(name);
    if (python?.recent && python.venv) return python.executable;
    if (python) found.push(python);
  }
  const recent = found.find((python) => python.recent);
  if (recent) {
    throw new Problem(
      `Python ${recent.version} is here without its venv module: install it (on Debian and Ubuntu: apt-get install python3-venv) and run the command again.`,
    );
  }
  if (found.length > 0) {
    throw new Problem(
      `Python ${found[0].version} is too old: Python 3.9 or newer is needed (https://www.python.org/downloads), or name an installed Jupyter in VITRADE_JUPYTER.`,
    );
  }
  throw new Problem(
    "Python is missing: install Python 3.9 or newer (on Debian and Ubuntu: apt-get install python3 python3-venv; else https://www.python.org/downloads) and run the command again.",
  );
}
