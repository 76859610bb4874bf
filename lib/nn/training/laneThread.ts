/** The program of a thread that trains some replicas by the plans it is sent. */
import { parentPort } from "node:worker_threads";
import { startBackend } from "../backend.js";
import { type Planned, planned } from "../compile/plan.js";
import { type LaneHere, laneHere, type Passes, type StateArrays } from "./lane.js";
import type { LaneMessage } from "./laneElsewhere.js";
import type { Answer } from "./threads.js";

type Of<F> = F extends (...inputs: infer A) => infer B ? Planned<A, B> : never;

interface Open {
  readonly lane: LaneHere;
  readonly shared: StateArrays;
  readonly passes: { readonly step: Of<Passes["step"]>; readonly evaluation: Of<Passes["evaluation"]> };
}

let open: Open | undefined;

async function answerTo(message: LaneMessage): Promise<unknown> {
  if (message.kind === "open") {
    open = await opened(message);
    return undefined;
  }
  if (!open) throw new Error("expected a lane to be open, found none");
  if (message.kind === "run") {
    const epoch = await open.lane.run(message.settings);
    open.lane.readInto(open.shared);
    return epoch;
  }
  open.lane.close();
  open.passes.step.dispose();
  open.passes.evaluation.dispose();
  open = undefined;
  return undefined;
}

async function opened({ task, plans, state }: LaneMessage & { kind: "open" }): Promise<Open> {
  await startBackend("wasm");
  const passes = { step: planned([plans.step]), evaluation: planned(plans.evaluation) } as Open["passes"];
  const lane = laneHere(task, passes, { ...state, count: state.count[0]! });
  return { lane, shared: state, passes };
}

/** Messages are answered in their order; the last one of a loan, `close`, by nothing. */
let before = Promise.resolve();
parentPort?.on("message", (message: LaneMessage) => {
  before = before.then(async () => {
    let answer: Answer;
    try {
      answer = { value: await answerTo(message) };
    } catch (error) {
      answer = { problem: (error as Error).message };
    }
    if (message.kind !== "close") parentPort!.postMessage(answer);
  });
});
