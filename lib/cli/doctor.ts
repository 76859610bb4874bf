/** The words of `vitrade doctor`. */
import type { Command } from "commander";
import { declare, runs } from "./command.js";
import { tableLines } from "./output.js";
import { urlOf } from "./values.js";

interface Options {
  readonly online?: boolean;
  readonly url: string;
}

export function declareDoctor(program: Command): void {
  const command = declare(program, {
    name: "doctor",
    description:
      "Looks at what the library runs on, and says what is missing: to be quoted in a report of a fault.",
    examples: ["doctor", "doctor --online --json"],
  })
    .option("--online", "asks the exchange for its time, to compare this machine's clock")
    .option("--url <address>", "of the server that is asked", urlOf, "https://api.bybit.com");
  runs<Options>(command, async ({ online, url }, shell) => {
    const { examine } = await import("./tasks/doctor.js");
    const findings = await examine({ clock: shell.clock, ...(online ? { url } : {}) });
    const isWell = findings.every(({ state }) => state !== "bad");
    shell.print({ isWell, findings }, () => [
      ...tableLines(findings.map(({ state, what, found }) => ({ state: MARK[state], what, found }))),
      ...findings.flatMap(({ what, advice }) => (advice ? [`${what}: ${advice}`] : [])),
    ]);
    if (!isWell) throw new Error("something is missing without which the library does not run, see above");
  });
}

const MARK = { good: "✓", note: "·", bad: "✗" } as const;
