/** Loaded before the program of a thread: ends it in the middle of an epoch, as a library that calls `process.exit` would. */
const { parentPort } = require("node:worker_threads");

parentPort?.on("message", ({ kind, settings }) => {
  if (kind === "run" && settings.epoch === 3) process.exit(7);
});
