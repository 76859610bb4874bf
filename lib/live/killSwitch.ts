/** A switch that anybody can throw, by a file or by a call, and nobody can throw back. */
import { existsSync, readFileSync } from "node:fs";

export interface KillSwitch {
  /** Throws the switch. */
  kill(why: string): void;
  /** Why it was thrown; undefined while it was not. */
  thrown(): string | undefined;
}

/** A switch that is thrown by `kill`, or while there is a file at the path; what the file says is the reason. */
export function killSwitch(file?: string): KillSwitch {
  let reason: string | undefined;
  return {
    kill(why) {
      reason ??= why;
    },
    thrown() {
      if (reason === undefined && file !== undefined && existsSync(file)) reason = reasonIn(file);
      return reason;
    },
  };
}

function reasonIn(file: string): string {
  let text = "";
  try {
    text = readFileSync(file, "utf8").slice(0, 200).trim();
  } catch {
    // whatever lies there and cannot be read, a folder even, throws the switch
  }
  return `kill switch ${file}${text ? `: ${text}` : ""}`;
}
