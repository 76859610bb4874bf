/** Statuses as they are worth writing down: the first of a kind one by one, those that follow in the same minute together. */

/** What is to be written; `times` is how often it happened where that is not once. */
export interface Status {
  readonly what: string;
  readonly detail: string;
  readonly times?: number;
}

export interface StatusLog {
  /** Takes a status that came at `ms`, by a clock that never goes back: what is to be written now. */
  see(what: string, detail: string, ms: number): Status[];
  /** What was kept back and is due at `ms`: all that its minute is over. */
  due(ms: number): Status[];
  /** All that was kept back. */
  rest(): Status[];
}

/** Of one kind in a minute: so many are written as they are. */
const AT_ONCE = 10;
const TOGETHER_MS = 60_000;
const LONGEST_DETAIL = 300;

interface Kind {
  readonly since: number;
  told: number;
  more: number;
  last: string;
}

/** Keeps counts right, whatever comes: over all that it lets write, the sum of `times` is how many statuses it saw. */
export function statusLog(): StatusLog {
  const kinds = new Map<string, Kind>();
  const ended = (isOver: (kind: Kind) => boolean): Status[] => {
    const found: Status[] = [];
    for (const [what, kind] of kinds) {
      if (!isOver(kind)) continue;
      kinds.delete(what);
      const { more, last } = kind;
      if (more > 0)
        found.push({ what, detail: `${more} more within a minute, the last: ${last}`, times: more });
    }
    return found;
  };
  const due = (ms: number): Status[] => ended(({ since }) => ms - since >= TOGETHER_MS);
  return {
    due,
    rest: () => ended(() => true),
    see(what, detail, ms) {
      const before = due(ms);
      const kind = kinds.get(what) ?? { since: ms, told: 0, more: 0, last: "" };
      kinds.set(what, kind);
      const short = detail.slice(0, LONGEST_DETAIL);
      if (kind.told++ < AT_ONCE) return [...before, { what, detail: short }];
      kind.more++;
      kind.last = short;
      return before;
    },
  };
}
