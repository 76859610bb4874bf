/** A paper run: from a stream of public data to fills on paper, every step written down before it counts. */
import type { StreamEvent } from "../market/stream/index.js";
import type { FundingDue } from "./broker/paperBroker.js";
import { openQuotes } from "./broker/quotes.js";
import { type Desk, isUrgent, notifyAll, notifyStatus, obeyAll, takeEvent } from "./desk.js";
import type { Run } from "./journal/replay.js";
import { resume } from "./journal/resume.js";
import { statusLog } from "./journal/statusLog.js";
import { openSteps } from "./pipeline/steps.js";
import { killSwitch } from "./risk/killSwitch.js";
import type { SessionOptions } from "./sessionOptions.js";
import type { BarStep } from "./types.js";

/** A session of a paper trading run. */
export interface Session {
  /** Opening time of the first candle that the stream must bring of each symbol, UTC ms: warm-up, then what was not yet dealt with. */
  readonly since: Readonly<Record<string, number>>;
  readonly run: Run;
  /**
   * Takes the maker through `history`, then lives on the stream until it ends or `stop` is called. Once. A step that is not complete
   * when the stream ends is left to the next session.
   */
  live(stream: AsyncIterable<StreamEvent>, history?: Iterable<BarStep>): Promise<void>;
  /** Ends after the step at hand. */
  stop(): void;
  /** Writes down what happened to the run from outside, such as to the clock. */
  note(what: string, detail: string): void;
  /** Flat at the next open, and for good. */
  kill(why: string): void;
  /** Lets risk be taken again after the loss of a day. */
  reset(why: string): void;
  /** Tells a funding rate, as `PaperBroker.fund` takes it; once is enough, and more often does nothing. */
  fund(symbol: string, due: FundingDue): void;
}

/**
 * Opens a run from its journal, or begins one where the journal is empty. It neither opens the stream nor closes the journal.
 *
 * The journal decides: a decision is written before its order is placed, an open with its fills before they are told. What is not
 * written did not happen and is done again, from the same candles to the same fills. Deadlines are looked at when an event comes, the
 * kill switch then and in between: what it asks for is written at once, also when the run is told to end at the same moment.
 * @throws Error when the journal tells of another run, or its replay does not agree with it.
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { maker, journal, waitMs = 5_000, backfillWaitMs = 60_000, lookMs = 200 } = options;
  const resumed = await resume(options);
  const { run } = resumed;
  const { openedAt } = run.broker.state();
  const last = { after: run.lastClose, ...(openedAt === null ? {} : { opened: openedAt }) };
  const desk: Desk = {
    ...{ options, resumed, run, stopping: false, resets: [], funding: [], notes: [] },
    ...{ heardAt: Number.NaN, heardMs: 0, halt: undefined, statuses: statusLog() },
    quotes: openQuotes(maker.symbols),
    thrown: options.killSwitch ?? killSwitch(),
    steps: openSteps({ symbols: maker.symbols, stepMs: maker.stepMs, waitMs, backfillWaitMs, ...last }),
  };
  if (journal.cut)
    await notifyStatus(desk, "cut", `line ${journal.cut.line}: ${journal.cut.bytes} bytes were not finished`);
  let wake = (): void => undefined;
  const woken = (): Promise<undefined> =>
    new Promise((resolve) => {
      wake = () => resolve(undefined);
    });
  return {
    since: resumed.since,
    run,
    async live(stream, history = []) {
      for (const step of history) resumed.learn(step);
      const events = stream[Symbol.asyncIterator]();
      const looking = setInterval(() => {
        if (isUrgent(desk)) wake();
      }, lookMs);
      try {
        let coming: Promise<IteratorResult<StreamEvent>> | undefined;
        while (!desk.stopping) {
          coming ??= events.next();
          const next = await Promise.race([coming, woken()]);
          if (next?.done) break;
          if (next) {
            coming = undefined;
            await takeEvent(desk, next.value);
          } else await obeyAll(desk);
        }
        coming?.catch(() => undefined); // it may fail after the stop
      } finally {
        clearInterval(looking);
      }
      await obeyAll(desk); // who throws the switch and ends the run wants both
      if (desk.stopping) void events.return?.()?.catch(() => undefined); // not awaited: it may wait for an event
      await notifyAll(desk, desk.statuses.rest());
      await notifyStatus(desk, "ended", desk.stopping ? "stopped" : "the stream is over");
    },
    stop() {
      desk.stopping = true;
      wake();
    },
    note(what, detail) {
      desk.notes.push({ what, detail });
    },
    kill: (why) => desk.thrown.kill(why),
    reset: (why) => void desk.resets.push(why),
    fund: (symbol, due) => void desk.funding.push({ symbol, ...due }),
  };
}
