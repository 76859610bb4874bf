/** The parts of a data set as a table of their times. */
import type { Dataset } from "../dataset.js";

/** A part of a data set: how many windows it has, and the times between which it lies, UTC. */
export type SplitRow = {
  readonly part: string;
  readonly windows: number;
  readonly "first bar": string;
  readonly "last decision": string;
  readonly "last target known": string;
};

/** Rows of the training, validation and test part of a data set. */
export function splitTable({ train, validation, test, length, stepMs }: Dataset): SplitRow[] {
  return Object.entries({ train, validation, test }).map(([part, { rows, decidedAt, resolvedAt }]) => ({
    ...{ part, windows: rows },
    "first bar": minute(
      decidedAt.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY) - length * stepMs,
    ),
    "last decision": minute(decidedAt.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)),
    "last target known": minute(resolvedAt.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)),
  }));
}

function minute(time: number): string {
  return Number.isFinite(time) ? new Date(time).toISOString().slice(0, 16).replace("T", " ") : "none";
}
