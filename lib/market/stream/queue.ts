/** Events that were told and not yet taken: bars, trades and statuses all, of revisions the newest of each symbol, of books that of each bar. */
import type { StreamEvent } from "./types.js";

/** From the stream to its one consumer. */
export interface EventQueue {
  /** Adds an event; a revision or a book takes the place of the one before it, at the end. */
  push(event: StreamEvent): void;
  /** Resolves once there is at most half of what is too much, at once if there is; never rejects. */
  room(): Promise<void>;
  /** Whether there is too much. */
  readonly full: boolean;
  readonly length: number;
  /** The next event, or the end: after the last one, or with the error that ended the stream. */
  next(): Promise<IteratorResult<StreamEvent, undefined>>;
  end(error?: Error): void;
}

/**
 * A queue that holds nothing yet.
 * @param most    events that are not yet too much
 * @param stepMs  length of a bar: the last book before its close is kept, however late it is taken
 */
export function eventQueue(most: number, stepMs: number): EventQueue {
  const events = new Map<string | number, StreamEvent>();
  let order = events.keys();
  let [pushed, ended] = [0, false];
  let failure: Error | undefined;
  const takers: Deferred[] = [];
  const waiting: (() => void)[] = [];
  const settle = (): void => {
    while (takers.length > 0 && events.size > 0) takers.shift()!.resolve({ done: false, value: take() });
    while (takers.length > 0 && ended) finish(takers.shift()!);
    if (ended || events.size <= most / 2) for (const resolve of waiting.splice(0)) resolve();
  };
  const take = (): StreamEvent => {
    let first = order.next();
    if (first.done) {
      order = events.keys(); // one iterator lives as long as it can: a fresh one walks over all that was taken
      first = order.next();
    }
    const event = events.get(first.value!)!;
    events.delete(first.value!);
    return event;
  };
  const finish = (taker: Deferred): void => {
    if (failure) taker.reject(failure);
    else taker.resolve({ done: true, value: undefined });
    failure = undefined; // said once
  };
  return {
    push(event) {
      if (ended) return;
      const name = slotOf(event, stepMs) ?? pushed++;
      events.delete(name);
      events.set(name, event);
      settle();
    },
    room: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        settle();
      }),
    get full() {
      return events.size > most;
    },
    get length() {
      return events.size;
    },
    next: () =>
      new Promise((resolve, reject) => {
        takers.push({ resolve, reject });
        settle();
      }),
    end(error) {
      if (ended) return;
      ended = true;
      failure = error;
      settle();
    },
  };
}

interface Deferred {
  readonly resolve: (result: IteratorResult<StreamEvent, undefined>) => void;
  readonly reject: (error: Error) => void;
}

/** The name under which only the newest is kept; none where each counts. */
function slotOf(event: StreamEvent, stepMs: number): string | undefined {
  if (event.kind === "revision") return `revision ${event.symbol}`;
  return event.kind === "book" ? `book ${event.symbol} ${Math.floor(event.book.time / stepMs)}` : undefined;
}
