/** Loaded before the program of a thread: takes memory in the middle of an epoch until there is none. */
const { parentPort } = require("node:worker_threads");

parentPort?.on("message", ({ kind, settings }) => {
  if (kind !== "run" || settings.epoch !== 3) return;
  const taken = [];
  for (;;) taken.push(new Array(1e5).fill(taken.length));
});
