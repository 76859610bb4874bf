/** Threads that train: started when one is needed, kept for the next training, ended when none comes. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

/** A thread on loan. It answers questions in their order. */
export interface Thread {
  /** @throws Error beginning with the borrower's name when the thread fails or ends. */
  ask(message: unknown): Promise<unknown>;
  /** Ends the loan; a thread that has not answered yet, or has failed, is ended. */
  giveBack(goodbye: unknown): void;
}

/** What a thread answers: a value, or why there is none. */
export type Answer = { readonly value: unknown } | { readonly problem: string };

/** Milliseconds for which an idle thread waits for another training. */
const IDLE_MS = 20_000;

/** A thread that nobody uses. */
interface Idle {
  readonly worker: Worker;
  /** Ends its waiting. */
  stop(): void;
}

const idle: Idle[] = [];

/** A thread for a borrower, whose name its errors begin with. */
export function borrowThread(name: string): Thread {
  const worker = takeWorker();
  const waiting: { resolve(value: unknown): void; reject(error: Error): void }[] = [];
  let failure: Error | undefined;
  const fail = (reason: string) => {
    failure ??= new Error(`${name} ${reason}`);
    for (const each of waiting.splice(0)) each.reject(failure);
  };
  const stop = listen(worker, {
    message: (answer: Answer) => {
      if ("problem" in answer) fail(`failed: ${answer.problem}`);
      else waiting.shift()?.resolve(answer.value);
    },
    error: (error: Error) => fail(`failed: ${error.message}`),
    exit: (code: number) => fail(`ended with code ${code} before its work was done`),
  });
  return {
    ask(message) {
      if (failure) return Promise.reject(failure);
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        worker.postMessage(message);
      });
    },
    giveBack(goodbye) {
      stop();
      if (failure || waiting.length > 0) end(worker);
      else {
        worker.postMessage(goodbye);
        keep(worker);
      }
    },
  };
}

/** Adds listeners; the result takes these alone away, as a worker without any would send nothing more. */
function listen(
  worker: Worker,
  listeners: {
    readonly message?: (answer: Answer) => void;
    readonly error: (error: Error) => void;
    readonly exit: (code: number) => void;
  },
): () => void {
  const pairs = Object.entries(listeners) as [string, (value: unknown) => void][];
  for (const [name, listener] of pairs) worker.on(name, listener);
  return () => {
    for (const [name, listener] of pairs) worker.off(name, listener);
  };
}

function takeWorker(): Worker {
  const kept = idle.pop();
  if (!kept) return new Worker(workerFile());
  kept.stop();
  kept.worker.ref();
  return kept.worker;
}

/** Ends a thread, whatever it says to that. */
function end(worker: Worker): void {
  worker.on("error", () => {});
  void worker.terminate();
}

/** An idle thread keeps no process alive. */
function keep(worker: Worker): void {
  const forget = () => {
    const at = idle.findIndex((each) => each.worker === worker);
    if (at >= 0) idle.splice(at, 1)[0]!.stop();
  };
  const silence = listen(worker, { error: forget, exit: forget });
  const ending = setTimeout(() => {
    forget();
    end(worker);
  }, IDLE_MS);
  ending.unref();
  worker.unref();
  const stop = () => {
    clearTimeout(ending);
    silence();
  };
  idle.push({ worker, stop });
}

/** Beside the compiled library, whether this file runs from there or from its source. */
function workerFile(): string {
  const places = [__dirname, join(__dirname, "..", "..", "dist", "nn", "training")];
  const found = places.map((place) => join(place, "laneThread.js")).find(existsSync);
  if (found) return found;
  throw new Error(`laneThread.js: expected it in ${places.join(" or ")}, found none; npm run build makes it`);
}
