/** Several numbers in one line of text. */
import { fixed } from "../numbers.js";

/** Numbers [N] side by side, each with so many decimals, 3 by default: "0.500  0.300  0.200", such as the weights of a portfolio. */
export function list(values: ArrayLike<number>, decimals = 3): string {
  return Array.from(values, (value) => fixed(value, decimals)).join("  ");
}
