/** A study as its file says it: data, model, search, seeds, folds, scores, stopping and budget, read strictly. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { fromYaml } from "../../core/index.js";
import { checkSearch } from "./checkSearch.js";
import { defaultScores, SCORES, type ScoreName, scoresOfFamily } from "./scores.js";
import { FAMILIES } from "./settings.js";
import type { Draw, Study, Trial } from "./types.js";

export type { Draw, Study, Trial };

const count = z.int().positive().max(10_000_000);
const seed = z.union([z.string().min(1), z.int()]);
const value = z.union([z.number(), z.string(), z.boolean(), z.array(z.number())]);

/** A value drawn at random: from a range, or one of a list. */
const draw = z.union([
  z.strictObject({ among: z.array(value).min(1) }),
  z
    .strictObject({
      from: z.number(),
      to: z.number(),
      scale: z.enum(["linear", "log"]).default("linear"),
      whole: z.boolean().default(false),
    })
    .refine(({ from, to }) => from <= to, "expected from to be at most to")
    .refine(({ from, scale }) => scale === "linear" || from > 0, "expected from above 0 on a log scale"),
]);

const search = z.union([
  z.strictObject({ grid: z.record(z.string(), z.array(value).min(1)) }),
  z.strictObject({
    random: z.strictObject({ trials: count, over: z.record(z.string(), draw) }),
  }),
]);

const rungs = z.array(count).min(1);

const schema = z.strictObject({
  name: z.string().regex(/^[\w .-]{1,80}$/, "expected letters, digits, spaces, dots and hyphens, at most 80"),
  data: z.strictObject({
    /** Of the content: `vitrade prepare` says it. */
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits, as vitrade prepare says them"),
    /** Where it lies, beside the study's file. */
    file: z.string().min(1).optional(),
    /** Test parts that follow one another, each with a training part before it; 1 for the parts of the data set. */
    folds: count.max(1000).default(1),
    /** Fraction of the decision times before the first test part, where there are several. */
    first: z.number().gt(0).lt(1).default(0.5),
    /** Bars that a fold is made of, the last of them its test part: all there are unless given. Only they are read of a history. */
    bars: count.optional(),
    /** Some of its symbols: all unless given. */
    symbols: z.array(z.string().min(1)).min(1).optional(),
  }),
  model: z.enum(FAMILIES),
  settings: z.record(z.string(), value).default({}),
  search: search.default({ grid: {} }),
  /** Networks of each setting and fold that differ by their seed alone. */
  seeds: count.max(10_000).default(1),
  /** Of all that is drawn. */
  seed: seed.default("study"),
  scores: z
    .array(z.enum(SCORES as [ScoreName, ...ScoreName[]]))
    .min(1)
    .optional(),
  /** The score, on the validation part, by which settings are stopped and the best is named; the first of `scores` by default. */
  select: z.enum(SCORES as [ScoreName, ...ScoreName[]]).optional(),
  /** Epochs after which settings are compared and the worse are given up. */
  stopping: z
    .union([
      z.strictObject({ rule: z.literal("median"), epochs: rungs }),
      z.strictObject({
        rule: z.literal("halving"),
        epochs: rungs,
        /** Fraction of the settings that go on. */
        keep: z
          .number()
          .gt(0)
          .lt(1)
          .default(1 / 3),
      }),
    ])
    .optional(),
  /** Draws of a prediction for each network. */
  draws: count.max(10_000).default(50),
  /** How forecasts are traded for the score "sharpe". */
  trading: z
    .strictObject({
      rule: z.enum(["edge", "sign"]).default("edge"),
      takerBps: z.number().min(0).default(5.5),
      halfSpreadBps: z.number().min(0).default(0.5),
    })
    .prefault({}),
  budget: z
    .strictObject({
      /** The most networks that the study may have: more are refused before anything is trained. */
      networks: count.default(1_000_000),
      /** Limits of a stack, which is trained at once and lost at once. */
      stackNetworks: count.max(1024).default(16),
      stackMegabytes: count.default(512),
      stackSeconds: count.default(60),
    })
    .prefault({}),
});

/**
 * The study that a text says, in YAML, of which JSON is a part.
 * @throws RangeError naming each key that is unknown or whose value cannot be, by its path, with what was expected and what came.
 */
export function readStudy(text: string | object): Study {
  const plain = typeof text === "string" ? fromText(text) : text;
  const read = schema.safeParse(plain);
  if (!read.success) {
    const problems = read.error.issues.flatMap((issue) => problemsOf(issue, plain));
    throw new RangeError(`study: ${problems.join("; ")}`);
  }
  const scores = read.data.scores ?? defaultScores(read.data.model);
  const study: Study = { ...read.data, scores, select: read.data.select ?? scores[0]! };
  checkScores(study);
  checkSearch(study);
  return study;
}

/** SHA-256 of all that decides a study's numbers: where the data lie and how it is cut into stacks play no part. */
export function studyHash(study: Study): string {
  const { data, budget: _, ...rest } = study;
  const { file: __, ...content } = data;
  return createHash("sha256")
    .update(JSON.stringify(sorted({ ...rest, data: content })))
    .digest("hex");
}

/** The value with the keys of all its objects in one order; those of a search keep theirs, which numbers its trials. */
function sorted(from: unknown, name = ""): unknown {
  if (Array.isArray(from)) return from.map((each) => sorted(each));
  if (typeof from !== "object" || from === null) return from;
  const entries = Object.entries(from).filter(([, own]) => own !== undefined);
  if (name !== "grid" && name !== "over") entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, own]) => [key, sorted(own, key)]);
}

function fromText(text: string): unknown {
  try {
    return fromYaml(text);
  } catch (error) {
    throw new RangeError(`study: ${(error as Error).message}`, { cause: error });
  }
}

function problemsOf(issue: z.core.$ZodIssue, plain: unknown): string[] {
  const path = issue.path.map(String);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((name) => `unknown key ${[...path, name].join(".")}`);
  const got = issue.path.reduce<unknown>((at, name) => (at as Record<PropertyKey, unknown>)?.[name], plain);
  if (issue.code === "invalid_union") return unionProblems(issue, path, got);
  const shown = got === undefined ? "nothing" : JSON.stringify(got);
  return [`${path.join(".") || "document"}: ${issue.message.replace(/^Invalid input: /, "")}, got ${shown}`];
}

/** Of a value that may be of several shapes, what is wrong with the shape that it comes nearest to. */
function unionProblems(issue: z.core.$ZodIssueInvalidUnion, path: readonly string[], got: unknown): string[] {
  const depth = (issues: readonly z.core.$ZodIssue[]) => Math.max(...issues.map((each) => each.path.length));
  const nearest = [...issue.errors].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ?? [];
  return nearest.flatMap((each) =>
    problemsOf({ ...each, path: [...issue.path, ...each.path] }, at(path, got)),
  );
}

/** An object that holds a value at a path, so that a path from the root finds it. */
function at(path: readonly string[], got: unknown): unknown {
  return path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), got);
}

function checkScores({ model, scores, select }: Study): void {
  const there = scoresOfFamily(model);
  scores.forEach((score, i) => {
    if (!there.includes(score))
      throw new RangeError(
        `study: scores.${i}: expected one of ${there.join(", ")} for ${model}, got ${score}`,
      );
  });
  if (!scores.includes(select))
    throw new RangeError(`study: select: expected one of the scores, ${scores.join(", ")}, got ${select}`);
}
