/** The record of the source chapter's network trained to its last epoch, as `scripts/source-network.mjs` writes it. */
import { z } from "zod";
import { readSmall, type Schema, shaped } from "../../core/index.js";

/** One epoch, in nats a row. */
type Epoch = { epoch: number; beta: number; misfit: number; kl: number; bound: number };

/** Scores of one state of the weights on the test part. */
type State = {
  name: string;
  epoch: number;
  directionNll: number;
  returnNll: number;
  difference: number;
  error: number;
  accuracy: number;
  surest: number;
  signals: number;
  epistemic: number;
  aleatoric: number;
};

/**
 * Record of the training: rows and inputs; `nothing`, the loss of class fractions and one normal distribution; `history`, one row an
 * epoch in nats a row, the bound on the validation part at β = 1; `states`, scores of the test part by name of the weights, where
 * `difference` is the NLL of the return less that of one normal distribution, `error` its standard error by days, `signals` the hours in
 * which a class other than neutral has more than 0.6, standard deviations in basis points; `layers` at the end, `sure` the percentage of
 * weights whose mean exceeds their standard deviation.
 */
export interface SourceRecord {
  data: {
    symbols: string[];
    inputs: number;
    parameters: number;
    training: number;
    validation: number;
    test: number;
    cost: number;
  };
  nothing: { validation: number; directionNll: number; returnNll: number };
  history: Epoch[];
  states: State[];
  layers: { layer: string; weights: number; medianSd: number; sure: number }[];
  versions: { component: string; version: string }[];
}

const epoch = z.object({
  epoch: z.number(),
  beta: z.number(),
  misfit: z.number(),
  kl: z.number(),
  bound: z.number(),
});

const state = z.object({
  name: z.string(),
  epoch: z.number(),
  directionNll: z.number(),
  returnNll: z.number(),
  difference: z.number(),
  error: z.number(),
  accuracy: z.number(),
  surest: z.number(),
  signals: z.number(),
  epistemic: z.number(),
  aleatoric: z.number(),
});

const layer = z.object({
  layer: z.string(),
  weights: z.number(),
  medianSd: z.number(),
  sure: z.number(),
});

const record: Schema<SourceRecord> = z.object({
  data: z.object({
    symbols: z.array(z.string()),
    inputs: z.number(),
    parameters: z.number(),
    training: z.number(),
    validation: z.number(),
    test: z.number(),
    cost: z.number(),
  }),
  nothing: z.object({ validation: z.number(), directionNll: z.number(), returnNll: z.number() }),
  history: z.array(epoch),
  states: z.array(state),
  layers: z.array(layer),
  versions: z.array(z.object({ component: z.string(), version: z.string() })),
});

/** Bytes of the file at most. */
const MOST = 500_000;

/**
 * The record in a file.
 * @throws Error naming the file and the key when it is no such file.
 */
export function readSourceRecord(file: string): SourceRecord {
  const text = readSmall(file, MOST);
  if (text === undefined)
    throw new Error(`${file}: expected the record of scripts/source-network.mjs, got no such file`);
  return shaped(record, JSON.parse(text), file);
}
