/** A row of a study's results. */
import type { Settings } from "../study/settings.js";

/** A score and the ends of its 95 % interval; null where there is none. */
export interface Score {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** Scores by part and name, such as `validation_nll`. */
export type Scores = Readonly<Record<string, Score>>;

/** One network of a study: what it was, how it scored, what it cost. */
export interface NetworkRow {
  readonly network: number;
  readonly trial: number;
  readonly fold: number;
  readonly seed: number;
  /** The comparison after which it was not trained further, from 0. */
  readonly rung: number;
  readonly epochs: number;
  readonly settings: Settings;
  /** Epoch of its weights, counted from 1. */
  readonly bestEpoch: number;
  readonly scores: Scores;
  /** Parameters and buffers, float32 as base64, on the way from who trained it to its file. */
  readonly weights?: string | undefined;
  /** Its share of the stack's time. */
  readonly seconds: number;
  /** Of the process when the stack was done. */
  readonly megabytes: number;
  readonly host: string;
}
