/** Plans so many stacks that train nothing on a queue, in a process of its own: seconds, and its memory at most. */
const { performance } = require("node:perf_hooks");
const { queuePlace } = require("../../lib/dist/sweep/queue/index.js");
const { Line } = require("../../lib/dist/sweep/queue/line.js");
const { plan } = require("../../lib/dist/sweep/queue/plan.js");
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
const before = process.cpuUsage();
const size = { parameters: 0, activations: 0, rows: 1 };
const stacks = stacksOf(study, { trials: trialsOf(study), rung: 0 }, () => size);
const line = new Line(queuePlace(address).connection);
plan(study, line, { flow: "planned.r0.1", stacks, chunk: 500 }).then(() => {
  line.hangUp();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  const processor = (user + system) / 1e6;
  console.log(JSON.stringify({ seconds, processor, megabytes: process.resourceUsage().maxRSS / 1024 }));
});
