/** The data of a study as they are in memory. */
import type { Bars } from "../../core/index.js";

/** Bars on one grid with how windows are cut of them: what `vitrade prepare` writes. */
export interface StudySource {
  /** SHA-256 of the content. */
  readonly sha256: string;
  readonly bars: readonly Bars[];
  readonly length: number;
  readonly horizon: number;
  readonly stride: number;
  /** Of the regime, in deviations of a driftless walk. */
  readonly threshold: number;
  /** Of the decision times. */
  readonly split: { readonly train: number; readonly validation: number; readonly test: number };
}
