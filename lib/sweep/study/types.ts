/** Types of a study as its file says it. */
import type { ScoreName } from "./scores.js";
import type { Family, Settings, SettingValue } from "./settings.js";

/** A search over one setting: `among` values, or `from` a number `to` another. */
export type Draw =
  | { readonly among: readonly SettingValue[] }
  | {
      readonly from: number;
      readonly to: number;
      readonly scale: "linear" | "log";
      readonly whole: boolean;
    };

/** Every key of a study, none left out. */
export interface Study {
  readonly name: string;
  readonly data: {
    readonly sha256: string;
    readonly file?: string | undefined;
    readonly folds: number;
    readonly first: number;
    /** Bars that a fold is made of; all there are by default. */
    readonly bars?: number | undefined;
    /** Some of its symbols. */
    readonly symbols?: readonly string[] | undefined;
  };
  readonly model: Family;
  readonly settings: Readonly<Record<string, SettingValue>>;
  readonly search:
    | { readonly grid: Readonly<Record<string, readonly SettingValue[]>> }
    | { readonly random: { readonly trials: number; readonly over: Readonly<Record<string, Draw>> } };
  readonly seeds: number;
  readonly seed: number | string;
  readonly scores: readonly ScoreName[];
  readonly select: ScoreName;
  readonly stopping?:
    | { readonly rule: "median"; readonly epochs: readonly number[] }
    | { readonly rule: "halving"; readonly epochs: readonly number[]; readonly keep: number }
    | undefined;
  readonly draws: number;
  readonly trading: {
    readonly rule: "edge" | "sign";
    readonly takerBps: number;
    readonly halfSpreadBps: number;
  };
  readonly budget: {
    readonly networks: number;
    readonly stackNetworks: number;
    readonly stackMegabytes: number;
    readonly stackSeconds: number;
  };
}

/** A setting of a search: all settings of its networks but their seed. */
export interface Trial {
  /** Its number in the study, from 0. */
  readonly trial: number;
  readonly settings: Settings;
}
