/**
 * A store of candles on disk: downloads that resume, one file a series, checked when read.
 * @module
 */
export {
  type DownloadHooks,
  type DownloadProgress,
  type DownloadQuery,
  type DownloadReport,
  DownloadStopped,
  download,
} from "./download.js";
export { acquireLock, type Lock } from "./lock.js";
export { type Series, seriesOf, stepOf } from "./series.js";
export { readSnapshotBars } from "./snapshot.js";
export type { BarSource } from "./source.js";
export { openStore, type Store } from "./store.js";
