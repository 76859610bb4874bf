/** From what a package manager wrote to one line a newcomer can act on. */

const diskFull = /ENOSPC|No space left on device|Errno 28|not enough space/i;
const noNetwork =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|Failed to establish a new connection|Temporary failure in name resolution|Name or service not known|ConnectTimeoutError|ReadTimeoutError|ProxyError|Network is unreachable|CERTIFICATE_VERIFY_FAILED|certificate/i;
const noRight = /\b(EACCES|EPERM|EROFS)\b|permission denied|operation not permitted/i;
/** The path that npm names in such lines as "npm error path /usr/lib/node_modules". */
const namedPath = /^npm (?:error|ERR!) path (.+)$/m;
const noPackage = /No matching distribution found for ([^\s;]+)/i;

export const diskLine = "The disk is full: make about 2.5 GB free and run the command again.";

/** Why `npm ci` failed. */
export function explainNpm(output) {
  if (diskFull.test(output)) return diskLine;
  if (/spawn npm ENOENT/.test(output)) {
    return "npm is missing: install Node together with npm from https://nodejs.org and run the command again.";
  }
  if (noNetwork.test(output)) {
    return "npm cannot reach its registry: check the network (or `npm config get registry` and the proxy) and run the command again. Details: .vitrade/npm.log";
  }
  if (noRight.test(output)) {
    const where = namedPath.exec(output)?.[1]?.trim() ?? "a folder of the project";
    return `npm may not write to ${where}: give yourself the right to write there (often files that another user or sudo has made: sudo chown -R "$USER" in the project and in ~/.npm) and run the command again. Details: .vitrade/npm.log`;
  }
  const first = output.split("\n").find((line) => /error/i.test(line)) ?? lastLine(output);
  return `npm ci failed (${first.replace(/^npm (error|ERR!) */, "").trim()}). Details: .vitrade/npm.log`;
}

function lastLine(output) {
  return output.trim().split("\n").at(-1)?.trim() || "no message";
}

/** Why `python -m venv` failed. */
export function explainVenv(output) {
  if (diskFull.test(output)) return diskLine;
  return `Python cannot make an environment (${lastLine(output)}): reinstall it with its venv module (on Debian and Ubuntu: apt-get install python3-venv). Details: .vitrade/venv.log`;
}

/** Why `pip install` failed; `reachable` says whether any of its indexes answered before. */
export function explainPip(output, reachable = true) {
  if (diskFull.test(output)) return diskLine;
  if (!reachable || noNetwork.test(output)) {
    return "pip cannot reach its package index: check the network (or `pip config list` and the proxy), or name an installed Jupyter in VITRADE_JUPYTER, and run the command again. Details: .vitrade/pip.log";
  }
  const missing = noPackage.exec(output);
  if (missing) {
    return `pip finds no version of ${missing[1]} that suits this Python: install another Python (3.9 or newer), or name an installed Jupyter in VITRADE_JUPYTER. Details: .vitrade/pip.log`;
  }
  return `pip install failed (${lastLine(output)}). Details: .vitrade/pip.log`;
}
