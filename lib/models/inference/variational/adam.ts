/** Adam on a flat float64 vector, for the small models whose gradients are written by hand. */

/** An optimiser that remembers the moments of the gradients it has seen. */
export interface Adam {
  /** Moves `parameters` uphill along `gradient`, in place. */
  ascend(parameters: Float64Array, gradient: Float64Array, learningRate: number): void;
}

/** Adam with β₁ = 0.9, β₂ = 0.999 and ε = 10⁻⁸ (Kingma & Ba 2015, algorithm 1). */
export function adam(size: number): Adam {
  const first = new Float64Array(size);
  const second = new Float64Array(size);
  let step = 0;
  return {
    ascend(parameters, gradient, learningRate) {
      step++;
      const firstBias = 1 - 0.9 ** step;
      const secondBias = 1 - 0.999 ** step;
      for (let i = 0; i < size; i++) {
        const g = gradient[i]!;
        first[i] = 0.9 * first[i]! + 0.1 * g;
        second[i] = 0.999 * second[i]! + 0.001 * g * g;
        parameters[i]! +=
          (learningRate * (first[i]! / firstBias)) / (Math.sqrt(second[i]! / secondBias) + 1e-8);
      }
    },
  };
}
