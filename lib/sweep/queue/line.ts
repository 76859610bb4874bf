/** A connection to Redis that ends when it is told to, also while it waits to be made again. */
import { Redis, type RedisOptions } from "ioredis";

/**
 * A connection of ioredis, and those that were copied from it.
 *
 * One that is told to end between two tries to connect would not say that it ended, and what it had asked would stay without an answer:
 * who closes a worker waits for both, for ever. Here such a connection ends at once, and what it had asked fails.
 */
export class Line extends Redis {
  private readonly copies: Line[] = [];
  /** Commands that were under way when the connection was lost: they are sent again, or fail when it ends. */
  private unanswered: Redis["commandQueue"] | undefined;

  constructor(options: RedisOptions) {
    super({ ...options, replyMapping: "legacy" });
    this.on("error", () => undefined); // a connection that is lost is made again
    this.on("close", () => {
      if (this.commandQueue.length > 0) this.unanswered = this.commandQueue;
    });
    this.on("end", () => {
      for (let item = this.unanswered?.shift(); item; item = this.unanswered?.shift())
        item.command.reject(new Error("Connection is closed."));
    });
  }

  override disconnect(reconnect = false): void {
    if (!reconnect && this.status === "reconnecting") this.status = "wait"; // without a socket, as one that was not begun
    super.disconnect(reconnect);
  }

  override duplicate = ((override: Partial<RedisOptions> = {}) => {
    const copy = new Line({ ...this.options, ...override });
    this.copies.push(copy);
    return copy;
  }) as Redis["duplicate"];

  /** Ends it and all its copies; what they have asked fails. */
  hangUp(): void {
    for (const each of [this, ...this.copies]) each.disconnect();
  }
}

/** What is open on a line. */
export interface Opened {
  close(): Promise<void>;
  on(event: "error", listener: () => void): unknown;
}

/** Milliseconds in which what is open may close by itself. */
const GRACE = 5000;

/** Closes what is open on a line, the latest first, then the line. Where Redis does not answer it does not wait for it. */
export async function closeAll(line: Line, opened: readonly Opened[]): Promise<void> {
  const closed = (async () => {
    for (const each of [...opened].reverse()) await each.close().catch(() => undefined);
  })();
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, GRACE);
  });
  await Promise.race([closed, grace]);
  clearTimeout(timer);
  line.hangUp();
}
