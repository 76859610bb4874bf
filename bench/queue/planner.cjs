/** Plans so many stacks that train nothing on a queue, in a process of its own: seconds, and its memory at most. */
const { performance } = require("node:perf_hooks");
const { plan, queuePlace } = require("../../lib/dist/sweep/queue/index.js");
const { trialsOf } = require("../../lib/dist/sweep/plan/trials.js");
const { stacksOf } = require("../../lib/dist/sweep/plan/stacks.js");
const { readStudy } = require("../../lib/dist/sweep/study/studyFile.js");

const [address, count] = process.argv.slice(2);
const study = readStudy({
  name: "planned",
  data: { sha256: "0".repeat(64) },
  model: "none",
  search: { random: { trials: Number(count), over: { beta: { from: 0.1, to: 10, scale: "log" } } } },
  budget: { stackNetworks: 1 },
});
const start = performance.now();
const stacks = stacksOf(study, { trials: trialsOf(study), rung: 0 }, () => ({
  parameters: 0,
  activations: 0,
  rows: 1,
}));
plan(study, queuePlace(address), { flow: "planned.r0.1", stacks: () => stacks }).then(() => {
  const seconds = (performance.now() - start) / 1000;
  console.log(JSON.stringify({ seconds, megabytes: process.resourceUsage().maxRSS / 1024 }));
});
