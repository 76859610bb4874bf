/** What a hostile server costs: memory of the whole process, its longest stall, and how long until the end, of each bomb. */
import { bench, describe } from "vitest";
import { BODIES, FEEDS, suffer, victim } from "../test/market/hostile.js";

describe("hostile", () => {
  const work = async (): Promise<void> => {
    const client = victim();
    const attacks = [
      ...Object.entries(BODIES).map(([name, body]) => ({ name, body })),
      ...Object.entries(FEEDS).map(([name, feed]) => ({ name, feed })),
    ];
    for (const { name, ...attack } of attacks) {
      const { outcome, seconds, stallMs, residentMib } = await suffer(client.folder, attack);
      const figures = `${residentMib.toFixed(0)} MiB, longest stall ${stallMs.toFixed(0)} ms, ${seconds.toFixed(1)} s`;
      console.log(`${name}: ${figures}\n  ${outcome.slice(0, 160)}`);
    }
    client.remove();
  };
  const once = { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0, throws: true };
  bench("every bomb", work, once);
});
