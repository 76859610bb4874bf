/** All steps of a long short-term memory in one kernel, and their gradients in another. */
import type { Machine } from "./machine.js";
import type { Inputs, Kernels, Work } from "./planned.js";

/**
 * `vitradeLstm`: sums of the gates [R, T·B, 4H] without what is recalled, and recall [R, H, 4H], to the last hidden state
 * [R,B,H], all hidden states and cells [R,T,B,H] and gates [R,T,B,4H].
 *
 * `vitradeLstmGrad`: from dy of the last hidden state or, with `sequence`, of all of them, the gradients of both inputs.
 */
export function lstmKernels({ code }: Machine): Kernels {
  return {
    vitradeLstm: ({ inputs, recall }, attributes) => {
      const [replicas, units, width] = recall!.shape as [number, number, number];
      const steps = attributes.steps as number;
      const rows = inputs!.shape[1]! / steps;
      const state = [replicas, steps, rows, units];
      return {
        inputs: [inputs!, recall!],
        outputs: [[replicas, rows, units], state, state, [replicas, steps, rows, width]],
        isList: true,
        scratch: code.lstmScratch(steps, rows, units),
        run: (at) => code.lstmSequence(replicas, steps, rows, units, ...at),
      };
    },
    vitradeLstmGrad: (inputs, { sequence }) => gradient(code, inputs, !!sequence),
  };
}

function gradient(
  code: Machine["code"],
  { dy, recall, hidden, cells, gates }: Inputs,
  sequence: boolean,
): Work {
  const [replicas, steps, rows, units] = hidden!.shape as [number, number, number, number];
  return {
    inputs: [dy!, recall!, hidden!, cells!, gates!],
    outputs: [[replicas, steps * rows, 4 * units], recall!.shape],
    isList: true,
    scratch: code.lstmScratch(steps, rows, units),
    run: (at) => code.lstmSequenceGradient(Number(sequence), replicas, steps, rows, units, ...at),
  };
}
