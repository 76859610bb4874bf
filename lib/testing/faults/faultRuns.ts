/** Recordings with one fault each, what they say, and faults drawn for a long one. */
import { checkCount, fold, type Key, uniforms } from "../../core/index.js";
import {
  type CandleMessage,
  compareRecording,
  type Recording,
  type RecordingOptions,
  recordStream,
  type WireFault,
} from "../recording.js";

/** Bars that are played. */
export type PlayedBars = Pick<RecordingOptions, "bars" | "from" | "count">;

/** A recording and the fault in it. */
export interface FaultRun {
  readonly fault: WireFault;
  readonly recording: Recording;
}

/** A recording for each fault, which strikes as the third bar begins. @throws RangeError as `recordStream`. */
export async function faultRuns(
  played: PlayedBars,
  faults: readonly WireFault[],
  key: Key,
): Promise<FaultRun[]> {
  const runs: FaultRun[] = [];
  for (const fault of faults)
    runs.push({
      fault,
      recording: await recordStream({
        ...played,
        faults: [undefined, undefined, fault],
        key: fold(key, fault),
      }),
    });
  return runs;
}

/** Bars that came under a fault, and what the stream had to do. */
export type FaultRow = {
  readonly fault: string;
  readonly exact: number;
  readonly wrong: number;
  readonly "asked by REST": string;
  readonly "thrown away": string;
  readonly "book anew": string;
  readonly "dialled anew": string;
};

/** Rows of recordings with a fault each: bars to the bit, bars that are not, and whether the stream did the one or the other thing. */
export function faultTable(runs: readonly FaultRun[], played: PlayedBars): FaultRow[] {
  const yes = (count: number) => (count > 0 ? "yes" : "");
  return runs.map(({ fault, recording }) => {
    const { backfilled, duplicates, resynchronised, reconnects } = recording.counts;
    return {
      ...{ fault, ...compareRecording(recording, played), "asked by REST": yes(backfilled) },
      ...{
        "thrown away": yes(duplicates),
        "book anew": yes(resynchronised),
        "dialled anew": yes(reconnects),
      },
    };
  });
}

/**
 * Faults for a recording, [count]: with a probability one of the kinds, each as likely as the next, else none.
 * @throws RangeError when the probability is no fraction or there is no kind.
 */
export function drawFaults(of: {
  readonly count: number;
  readonly probability: number;
  readonly kinds: readonly WireFault[];
  readonly key: Key;
}): (WireFault | undefined)[] {
  const { count, probability, kinds, key } = of;
  checkCount("kinds", kinds.length);
  if (!(probability >= 0 && probability <= 1))
    throw new RangeError(`probability: expected a fraction, got ${probability}`);
  return Array.from({ length: count }, (_, i) => {
    const [happens, which] = uniforms(fold(key, i), 2);
    return happens! < probability ? kinds[Math.floor(which! * kinds.length)] : undefined;
  });
}

/** A closed bar of a recording, and the way it came. */
export interface Arrival {
  /** Bars since the first one that was played. */
  readonly place: number;
  readonly origin: "stream" | "backfill";
  readonly bar: Omit<CandleMessage, "at" | "closed">;
}

/** Closed bars of one symbol among those that were played, in the order in which they came. */
export function arrivals(
  { events }: Pick<Recording, "events">,
  symbol: string,
  { bars, from, count }: PlayedBars,
): Arrival[] {
  const { openTime, stepMs } = bars[0]!;
  const own = events.flatMap((event) => (event.kind === "bar" && event.symbol === symbol ? [event] : []));
  return own
    .map(({ bar, origin }) => ({ place: (bar.time - openTime[from]!) / stepMs, origin, bar }))
    .filter(({ place }) => place < count);
}

/** A candle's last message, and the latest one before a fraction of its time was over. */
export interface EarlyCandle {
  readonly early: CandleMessage;
  readonly closed: CandleMessage;
}

/** Closed candles that have a message before the fraction `part` of their time was over, with the latest such message. */
export function earlyMessages(
  messages: readonly CandleMessage[],
  { stepMs, part }: { readonly stepMs: number; readonly part: number },
): EarlyCandle[] {
  const early = messages.filter(({ at, time }) => at <= time + part * stepMs);
  const latest = new Map(early.map((message) => [message.time, message]));
  return messages.flatMap((closed) => {
    const before = closed.closed ? latest.get(closed.time) : undefined;
    return before ? [{ early: before, closed }] : [];
  });
}
