/** Downloads candles of Bybit: `npm run data -- --symbols BTCUSDT --interval 60 --since 2024-01-01`. */
import { ArgumentProblem, parseArguments, usage } from "./data/arguments.mjs";
import { loadLibrary } from "./data/library.mjs";
import { showProgress } from "./data/progress.mjs";
import { printReport } from "./data/report.mjs";

const INTERRUPTED = 130;

/** Downloads every symbol; one that fails does not stop the others. */
async function downloadAll(library, options, { signal, progress }) {
  const { symbols, interval, category, since, until, refetch } = options;
  const bybit = await library.connectBybit({
    now: Date.now,
    ...(options.restUrl ? { restUrl: options.restUrl } : {}),
  });
  const source = { fetchBars: (query, hooks) => library.fetchBars(bybit, query, hooks) };
  const store = await library.openStore(options.folder);
  try {
    for (const line of store.damaged) progress.say(library.visible(`damaged, fetched again: ${line}`));
    const hooks = { now: Date.now, signal, onProgress: progress.update };
    return await Promise.allSettled(
      symbols.map((symbol) =>
        library.download(source, store, { symbol, interval, category, since, until, refetch }, hooks),
      ),
    );
  } finally {
    await bybit.close?.();
    await store.close();
  }
}

/** Ctrl-C once writes what was fetched and ends; twice ends at once, which loses little and harms nothing. */
function interruption(progress) {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    progress.say("stopping: writing what was fetched");
    controller.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return controller.signal;
}

/** The library knows which symbols, intervals and categories there are. */
function checkSeries(library, { symbols, interval, category }) {
  try {
    for (const symbol of symbols) library.seriesOf({ symbol, interval, category });
  } catch (error) {
    throw error instanceof RangeError ? new ArgumentProblem(error.message) : error;
  }
}

async function main() {
  const options = parseArguments(process.argv.slice(2), { now: Date.now(), env: process.env });
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const library = loadLibrary();
  checkSeries(library, options);
  const progress = showProgress();
  const signal = interruption(progress);
  const results = await downloadAll(library, options, { signal, progress });
  progress.end();
  printReport(options, results, library);
  const failed = results.some(({ status }) => status === "rejected");
  return signal.aborted && failed ? INTERRUPTED : Number(failed);
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`data: ${error.message}`);
  process.exitCode = error instanceof ArgumentProblem ? 2 : 1;
}
