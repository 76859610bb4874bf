/** A switch that anybody can throw, by a file or by a call, and nobody can throw back. */
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { entryAt, readSmall } from "../../core/index.js";

/** A switch that ends all trading. */
export interface KillSwitch {
  /** Throws the switch. */
  kill(why: string): void;
  /** Why it was thrown; undefined while it was not. It never waits. */
  thrown(): string | undefined;
}

/**
 * A switch that is thrown by `kill`, or by anything that has the name of `file`: a file, whose text is the reason, a folder, a pipe, a
 * link wherever it leads. What cannot be looked at throws it too, and a folder in which no file could be put any more.
 */
export function killSwitch(file?: string): KillSwitch {
  let reason: string | undefined;
  return {
    kill(why) {
      reason ??= why;
    },
    thrown() {
      if (reason === undefined && file !== undefined) reason = reasonAt(file);
      return reason;
    },
  };
}

const LONGEST_REASON = 200;

function reasonAt(file: string): string | undefined {
  const said = (words: string): string => `kill switch ${file}${words ? `: ${words}` : ""}`;
  try {
    const entry = entryAt(file);
    if (!entry) return statSync(dirname(file)).isDirectory() ? undefined : said("its folder is gone");
    return said(entry.isFile() ? textIn(file) : "");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return said(code === "ENOENT" ? "its folder is gone" : `it cannot be looked at (${code ?? message})`);
  }
}

function textIn(file: string): string {
  try {
    return (readSmall(file, LONGEST_REASON) ?? "").trim();
  } catch {
    return ""; // there, and not readable
  }
}
