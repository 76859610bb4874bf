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
