/** The trades of one symbol, each once. */
import type { TakerTrade } from "../bybit/public.js";

export interface TradeLineOptions {
  /** The latest trades by REST, oldest first. */
  readonly fetch: () => Promise<readonly TakerTrade[]>;
  readonly sink: {
    trade(trade: TakerTrade): void;
    duplicate(): void;
    /** So many trades came by REST; `whole` unless there may be others before them that never come. */
    mended(count: number, whole: boolean): void;
    failed(error: Error): void;
  };
}

const REMEMBERED = 10_000;

/** The line of one symbol's trades. It knows the last ten thousand by their names: a repetition older than that is told twice. */
export class TradeLine {
  readonly #options: TradeLineOptions;
  readonly #told = new Set<string>();
  /** What the wire brings while REST is asked. */
  #held: TakerTrade[] | undefined;
  #mending: Promise<void> | undefined;
  #lost = false;

  constructor(options: TradeLineOptions) {
    this.#options = options;
  }

  heard(trades: readonly TakerTrade[]): void {
    if (this.#held) this.#held.push(...trades);
    else for (const trade of trades) if (!this.#tell(trade)) this.#options.sink.duplicate();
  }

  /** The connection is gone: what the next one brings waits for `catchUp`. */
  lost(): void {
    if (this.#told.size === 0) return; // nothing to join on to
    this.#lost = true;
    this.#held ??= [];
  }

  /** Some may have been missed: asks for those after the last one told. Nothing is told until REST has answered. */
  catchUp(): void {
    if (this.#told.size === 0) return;
    this.#lost = false;
    this.#held ??= [];
    const turn = (this.#mending ?? Promise.resolve())
      .then(() => this.#mend())
      .catch((error: Error) => this.#options.sink.failed(error))
      .then(() => {
        if (this.#mending !== turn) return; // asked again meanwhile
        const held = this.#held!;
        this.#held = undefined;
        this.#mending = undefined;
        this.heard(held);
        if (this.#lost) this.#held = [];
      });
    this.#mending = turn;
  }

  /** Resolves once nothing is being asked for. */
  async settled(): Promise<void> {
    while (this.#mending) await this.#mending;
  }

  async #mend(): Promise<void> {
    const latest = await this.#options.fetch();
    const held = this.#held!.splice(0);
    const last = latest.map(({ id }) => this.#told.has(id)).lastIndexOf(true);
    const streamed = new Set(held.map(({ id }) => id));
    const all = [...latest.slice(last + 1), ...held].sort((a, b) => a.time - b.time);
    const fresh = all.filter((trade) => this.#tell(trade)).filter(({ id }) => !streamed.has(id));
    if (fresh.length > 0 || last < 0) this.#options.sink.mended(fresh.length, last >= 0);
  }

  /** False if it has been told. */
  #tell(trade: TakerTrade): boolean {
    if (this.#told.has(trade.id)) return false;
    this.#told.add(trade.id);
    if (this.#told.size > REMEMBERED) this.#told.delete(this.#told.values().next().value!);
    this.#options.sink.trade(trade);
    return true;
  }
}
