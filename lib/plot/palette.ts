/** The colours of figures. */

/** The colours of Okabe & Ito 2008, told apart with any kind of colour vision; the pale yellow comes last. */
export const PALETTE: readonly string[] = [
  "#0072B2",
  "#D55E00",
  "#009E73",
  "#CC79A7",
  "#E69F00",
  "#56B4E9",
  "#4D4D4D",
  "#F0E442",
];

/** Text, axes and grid, in greys that stay readable on white. */
export const INK = { text: "#222222", axis: "#7f7f7f", grid: "#e8e8e8", reference: "#555555" } as const;

/** The colour of the `i`-th series, unless it has its own. */
export function colourOf(i: number, own?: string): string {
  return own ?? PALETTE[i % PALETTE.length]!;
}

/**
 * "#RRGGBB" with an opacity from 0 to 1.
 * @throws RangeError when the colour is not of that form.
 */
export function translucent(colour: string, opacity: number): string {
  const digits = /^#([0-9a-f]{6})$/i.exec(colour)?.[1];
  if (digits === undefined) throw new RangeError(`colour: expected #RRGGBB, got ${colour}`);
  const parts = [0, 2, 4].map((at) => Number.parseInt(digits.slice(at, at + 2), 16));
  return `rgba(${parts.join(",")},${opacity})`;
}
