/** A failure that is fully said by its one line: no stack trace follows it. */
export class Problem extends Error {}

/** One line of progress. */
export function say(line) {
  console.log(`setup: ${line}`);
}

/** Seconds since a `performance.now()`, for people. */
export function secondsSince(started) {
  const seconds = (performance.now() - started) / 1000;
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}

/**
 * Shows that something is under way: a line that counts seconds on a terminal, else a line now and one every 15 s.
 * @returns {(ending: string) => void} ends it
 */
export function showWork(label) {
  const started = performance.now();
  const inPlace = process.stdout.isTTY;
  const write = (text) => process.stdout.write(inPlace ? `\r\x1b[2Ksetup: ${text}` : `setup: ${text}\n`);
  write(`${label} …`);
  const timer = setInterval(() => write(`${label} … ${secondsSince(started)}`), inPlace ? 1000 : 15_000);
  return (ending) => {
    clearInterval(timer);
    write(`${label}: ${ending} (${secondsSince(started)})`);
    if (inPlace) process.stdout.write("\n");
  };
}
