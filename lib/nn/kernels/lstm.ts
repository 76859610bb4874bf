/** All steps of a long short-term memory in one kernel, and their gradients in another. */
import type { Inputs, Kernels, Machine } from "./machine.js";

/**
 * `vitradeLstm`: sums of the gates [R, T·B, 4H] without what is recalled, and recall [R, H, 4H], to the last hidden state
 * [R,B,H], all hidden states and cells [R,T,B,H] and gates [R,T,B,4H].
 *
 * `vitradeLstmGrad`: from dy of the last hidden state or, with `sequence`, of all of them, the gradients of both inputs.
 */
export function lstmKernels(machine: Machine): Kernels {
  const { code } = machine;
  return {
    vitradeLstm: ({ inputs, recall }, attributes) => {
      const [replicas, units, width] = recall!.shape as [number, number, number];
      const steps = attributes.steps as number;
      const rows = inputs!.shape[1]! / steps;
      const state = [replicas, steps, rows, units];
      const shapes = [[replicas, rows, units], state, state, [replicas, steps, rows, width]];
      const out = shapes.map((shape) => machine.output(shape));
      const addresses = [inputs!, recall!, ...out].map((tensor) => machine.address(tensor));
      machine.withScratch(code.lstmScratch(steps, rows, units), (scratch) =>
        code.lstmSequence(replicas, steps, rows, units, ...addresses, scratch),
      );
      return out;
    },
    vitradeLstmGrad: (inputs, { sequence }) => gradient(machine, inputs, !!sequence),
  };
}

function gradient(machine: Machine, { dy, recall, hidden, cells, gates }: Inputs, sequence: boolean) {
  const { code } = machine;
  const [replicas, steps, rows, units] = hidden!.shape as [number, number, number, number];
  const out = [machine.output([replicas, steps * rows, 4 * units]), machine.output(recall!.shape)];
  const addresses = [dy!, recall!, hidden!, cells!, gates!, ...out].map((tensor) => machine.address(tensor));
  machine.withScratch(code.lstmScratch(steps, rows, units), (scratch) =>
    code.lstmSequenceGradient(Number(sequence), replicas, steps, rows, units, ...addresses, scratch),
  );
  return out;
}
