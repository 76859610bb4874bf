/** Series that any language makes again without a random generator. */

/** [T] numbers in [−½, ½) that look independent: (7919 t² mod 1009) / 1009 − ½. */
export function hashNoise(count: number): Float64Array {
  return Float64Array.from({ length: count }, (_, t) => ((t * t * 7919) % 1009) / 1009 - 0.5);
}

/** e_t + 0.9 e_{t−1} + 0.8 e_{t−2} + 0.7 e_{t−3} of that noise: a memory of three steps. */
export function hashAverage(count: number): Float64Array {
  const e = hashNoise(count);
  const at = (t: number) => (t < 0 ? 0 : e[t]!);
  return e.map((_, t) => at(t) + 0.9 * at(t - 1) + 0.8 * at(t - 2) + 0.7 * at(t - 3));
}
