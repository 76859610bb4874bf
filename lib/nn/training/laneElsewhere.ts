/** A lane on another thread, as this thread sees it. */
import type { Plan } from "../compile/plan.js";
import type { Lane, LaneEpoch, LaneTask, StateArrays, StateValues } from "./lane.js";
import { borrowThread } from "./threads.js";

/** Plans that a thread without the model runs. */
export interface LanePlans {
  readonly step: Plan;
  readonly evaluation: readonly Plan[];
}

/** What a thread is told. */
export type LaneMessage =
  | { readonly kind: "open"; readonly task: LaneTask; readonly plans: LanePlans; readonly state: StateArrays }
  | { readonly kind: "run"; readonly settings: Parameters<Lane["run"]>[0] }
  | { readonly kind: "close" };

/** The same numbers in memory that threads share; those that are there already as they are. */
export function shared(values: Float32Array): Float32Array {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const copy = new Float32Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}

/**
 * A lane on a thread of its own, which is given back when the lane closes.
 *
 * A thread that fails or ends makes `run` throw with the numbers of its replicas.
 */
export function laneElsewhere(
  task: LaneTask,
  plans: LanePlans,
  from: StateValues,
  [first, end]: readonly [number, number],
): Lane {
  const state: StateArrays = {
    ...{ parameters: shared(from.parameters), buffers: shared(from.buffers) },
    ...{ first: shared(from.first), second: shared(from.second) },
    count: shared(Float32Array.of(from.count)),
  };
  const replicas = end - first === 1 ? `replica ${first}` : `replicas ${first} to ${end - 1}`;
  const thread = borrowThread(`training: the thread of ${replicas}`);
  thread.ask({ kind: "open", task, plans, state } satisfies LaneMessage).catch(() => {}); // the first epoch says it
  return {
    run: async (settings) => (await thread.ask({ kind: "run", settings } satisfies LaneMessage)) as LaneEpoch,
    read: () => ({
      ...{ parameters: state.parameters.slice(), buffers: state.buffers.slice() },
      ...{ first: state.first.slice(), second: state.second.slice(), count: state.count[0]! },
    }),
    close: () => thread.giveBack({ kind: "close" } satisfies LaneMessage),
  };
}
