/** The world of a command: where words go, where results go, the clock, and the wish to stop. */
import { visible } from "../core/index.js";
import { type Clock, systemClock } from "./clock.js";
import { documentText } from "./output.js";
import { type Progress, showProgress, type Terminal } from "./progress.js";

export interface Shell {
  readonly clock: Clock;
  /**
   * Aborted by Ctrl-C or a request to end. Work that reads it must end by it: work that does not is ended at once, which harms
   * nothing, as files are whole or not there.
   */
  readonly signal: AbortSignal;
  /** From now on the process is over so long after the wish to stop at the latest, milliseconds, unless `over` was called by then. */
  endWithin(ms: number): void;
  /** Says that all work is done: what `endWithin` and `signal` set up is taken back. */
  over(): void;
  /** Words for people, a line on standard error. As in `print` and `stream`, nothing in them acts on a terminal. */
  say(line: string): void;
  progress(label: string, unit: string): Progress;
  /** The result: one document of JSON, or lines for people, on standard output. */
  print(document: object, lines: () => readonly string[]): void;
  /** A line of the result, before its end: JSON where JSON is asked for, else words, where there are some. */
  stream(record: object, line: () => string | undefined): void;
}

/** @param json  whether results are JSON */
export function processShell({ json, name }: { readonly json: boolean; readonly name: string }): Shell {
  const terminal: Terminal = process.stderr;
  const say = (line: string): void => {
    terminal.write(`${terminal.isTTY ? "\r\x1b[2K" : ""}${name}: ${visible(line)}\n`);
  };
  let interrupting: Interruption | undefined;
  let end = (): void => undefined;
  let ending: NodeJS.Timeout | undefined;
  const interrupted = (): AbortSignal => {
    interrupting ??= interruption(say);
    return interrupting.signal;
  };
  return {
    get signal() {
      return interrupted();
    },
    endWithin(ms) {
      end = () => {
        ending = setTimeout(() => endNow(say), ms); // holds the process: what does not end may leave nothing that does
      };
      interrupted().addEventListener("abort", end, { once: true });
    },
    over() {
      interrupting?.signal.removeEventListener("abort", end);
      interrupting?.release();
      clearTimeout(ending);
    },
    clock: systemClock,
    say,
    progress: (label, unit) => showProgress(terminal, systemClock, { label: `${name}: ${label}`, unit }),
    print: (document, lines) => {
      process.stdout.write(
        json
          ? `${documentText(document)}\n`
          : lines()
              .map((line) => `${visible(line)}\n`)
              .join(""),
      );
    },
    stream: (record, line) => {
      const text = json ? documentText(record, 0) : line();
      if (text !== undefined) process.stdout.write(`${json ? text : visible(text)}\n`);
    },
  };
}

/** The end that nothing can hold up: the ordinary one waits for a disk that does not answer. Journals and files survive it. */
function endNow(say: (line: string) => void): void {
  say("what is under way does not end: the process is ended");
  process.kill(process.pid, "SIGKILL");
}

interface Interruption {
  readonly signal: AbortSignal;
  /** Listens no more. */
  release(): void;
}

/** Ctrl-C once ends when what is under way is whole; twice ends at once, which loses little and harms nothing. */
function interruption(say: (line: string) => void): Interruption {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    say("stopping; what is under way is brought to its end first");
    controller.abort();
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const name of signals) process.on(name, stop);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of signals) process.off(name, stop);
    },
  };
}
