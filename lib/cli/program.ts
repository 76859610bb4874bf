/** The program `vitrade`: its commands, and how each ends. */
import { Command, CommanderError } from "commander";
import { ownVersion, visibleLines } from "../core/index.js";
import { declareBacktest } from "./backtest.js";
import { declareCompletion } from "./completion.js";
import { declareDemo } from "./demo.js";
import { declareDoctor } from "./doctor.js";
import { EXIT, type ExitCode, exitCodeOf, lineOf } from "./exit.js";
import { declareFetch } from "./fetch.js";
import { declareLive } from "./live.js";
import { declarePredict } from "./predict.js";
import { declarePrepare } from "./prepare.js";
import { declareRecord } from "./record.js";
import { declareSweep } from "./sweep.js";
import { declareTrain } from "./train.js";
import { declareWorker } from "./worker.js";

const EXIT_CODES = `
Exit codes: 0 done, 1 something failed, 2 wrong usage, 130 interrupted.
With --json the result alone is on standard output; words and progress are on standard error.
No key is ever read, and no order can be sent.`;

/** Runs the command that the words ask for. It never throws: what went wrong is one line on standard error. */
export async function runProgram(words: readonly string[]): Promise<ExitCode> {
  try {
    await vitrade().parseAsync([...words], { from: "user" });
    return EXIT.done;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    const verbose = words.includes("--verbose");
    const text = verbose && error instanceof Error ? (error.stack ?? error.message) : lineOf(error);
    process.stderr.write(`vitrade: ${visibleLines(text)}\n`);
    return exitCodeOf(error);
  }
}

/** Every command, none run. */
function vitrade(): Command {
  const program = new Command("vitrade")
    .description("From candles to forecasts to a paper account: variational inference for trading.")
    .version(ownVersion(), "-V, --version", "the version of the library")
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      outputError: (text, write) => write(visibleLines(text.replace(/^error: /, "vitrade: "))),
    })
    .addHelpText("after", EXIT_CODES);
  declareFetch(program);
  declareRecord(program);
  declarePrepare(program);
  declareTrain(program);
  declareSweep(program);
  declareWorker(program);
  declarePredict(program);
  declareBacktest(program);
  declareLive(program);
  declareDemo(program);
  declareDoctor(program);
  declareCompletion(program);
  return program;
}
