const CELLS = 24;
const TTY_MS = 200;
const LINE_MS = 10_000;

/**
 * How far the downloads are: one line in place on a terminal, else a line now and then.
 * @param {{ stream?: NodeJS.WriteStream, clock?: () => number }} options  `clock` in milliseconds of any origin
 */
export function showProgress({ stream = process.stderr, clock = () => performance.now() } = {}) {
  const inPlace = stream.isTTY === true;
  const parts = new Map();
  const started = clock();
  let shownAt = inPlace ? Number.NEGATIVE_INFINITY : started;
  return {
    /** `done` of `total` bars of a symbol are there. */
    update({ symbol, done, total }) {
      parts.set(symbol, { done, total });
      const now = clock();
      if (now - shownAt < (inPlace ? TTY_MS : LINE_MS)) return;
      shownAt = now;
      const line = progressLine([...parts.values()], now - started);
      stream.write(inPlace ? `\r\x1b[2K${line.slice(0, (stream.columns ?? 80) - 1)}` : `data: ${line}\n`);
    },
    /** A line that stays. */
    say(line) {
      stream.write(`${inPlace ? "\r\x1b[2K" : ""}data: ${line}\n`);
    },
    /** Takes the line away. */
    end() {
      if (inPlace) stream.write("\r\x1b[2K");
    },
  };
}

/** Such as `████░░ 60 % · 12,000 of 20,000 bars · 2,400 bars/s · 4 s left`. */
export function progressLine(parts, elapsedMs) {
  const [done, total] = ["done", "total"].map((name) => parts.reduce((sum, part) => sum + part[name], 0));
  const share = total > 0 ? done / total : 1;
  const full = Math.round(CELLS * share);
  const rate = done / Math.max(elapsedMs / 1000, 1e-3);
  const left = rate > 0 ? duration((total - done) / rate) : "?";
  const bar = "█".repeat(full) + "░".repeat(CELLS - full);
  const count = (value) => Math.round(value).toLocaleString("en");
  return `${bar} ${Math.floor(share * 100)} % · ${count(done)} of ${count(total)} bars · ${count(rate)} bars/s · ${left} left`;
}

function duration(seconds) {
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`;
}
