/** Options of commands that write a report for people, and the writing of it. */
import type { Command } from "commander";
import { UsageProblem } from "./exit.js";
import { checkOut, writeResult } from "./output.js";
import type { Report } from "./report/page.js";
import type { Shell } from "./shell.js";

export interface ReportOptions {
  readonly report?: string;
  readonly static?: boolean;
}

export function withReport(command: Command): Command {
  return command
    .option("--report <file>", "FILE.html to look at: one file that holds all it shows")
    .option("--static", "figures of the report as pictures alone, in a smaller file");
}

/** @throws UsageProblem when the file of a report could not be what is asked for: better said before the work than after. */
export async function checkReport({ report, static: isStatic }: ReportOptions): Promise<void> {
  if (report === undefined && isStatic)
    throw new UsageProblem("--static: expected --report beside it, got none");
  if (report === undefined) return;
  if (!/\.html?$/.test(report))
    throw new UsageProblem(`--report: expected a name that ends in .html, got ${report}`);
  await checkOut(report, "--report");
}

/** Writes the report where one is asked for. */
export async function writeReport(
  { report, static: isStatic }: ReportOptions,
  shell: Shell,
  content: () => Promise<Report> | Report,
): Promise<void> {
  if (report === undefined) return;
  shell.say("drawing the report");
  const { reportPage } = await import("./report/page.js");
  await writeResult(report, await reportPage(await content(), isStatic === true));
  shell.say(`${report}: open it in a browser`);
}
