import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

/** One reference case: `input` to `fn` must give `expect` within `tol`. */
export interface VectorCase {
  readonly id: string;
  readonly fn: string;
  readonly input: Record<string, unknown>;
  readonly expect: Record<string, unknown>;
  readonly tol: {
    readonly abs: number | string;
    readonly rel: number;
    /** Where many answers are as good: only `objective` is compared, and the adapter checks that the answer is allowed. */
    readonly objective_rel?: number;
  };
}

/** Computes what a case expects, under the same names. `reference` is for conventions only: the sign of an axis, the βs of a table. */
export type Adapter = (input: Inputs, reference: (name: string) => unknown) => Record<string, unknown>;

/** A value that is compared within `abs` instead of the case's own tolerance, such as a Monte-Carlo estimate. */
export class Within {
  constructor(
    readonly value: unknown,
    readonly abs: number,
  ) {}
}

/** Typed access to the inputs of a case. */
export class Inputs {
  constructor(private readonly values: Record<string, unknown>) {}
  number(name: string): number {
    return numeric(this.get(name)) as number;
  }
  vector(name: string): Float64Array {
    return Float64Array.from(numeric(this.get(name)) as number[]);
  }
  matrix(name: string): number[][] {
    return numeric(this.get(name)) as number[][];
  }
  text(name: string): string {
    return String(this.get(name));
  }
  has(name: string): boolean {
    return name in this.values;
  }
  private get(name: string): unknown {
    if (!(name in this.values))
      throw new Error(`the case has no input ${name}: it has ${Object.keys(this.values)}`);
    return this.values[name];
  }
}

/** The folder of reference vectors: VECTORS_DIR when set. */
export const vectorFolder = resolve(process.env.VECTORS_DIR || "test/vectors");

export function loadGroup(group: string): readonly VectorCase[] {
  return (JSON.parse(readFileSync(fileOf(group), "utf8")) as { cases: VectorCase[] }).cases;
}

function fileOf(group: string): string {
  return join(vectorFolder, `${group}.json`);
}

/** Runs every case of a group; a case whose function has no adapter is listed as pending, and the functions are printed. */
export function runGroup(group: string, adapters: Readonly<Record<string, Adapter>>): void {
  if (!existsSync(fileOf(group))) {
    // VECTORS_DIR may name a folder of some groups only: what it does not hold is said, and cannot be run
    test.skip(`${group}: the folder of vectors holds no ${group}.json`);
    return;
  }
  const pending = new Map<string, number>();
  for (const one of loadGroup(group)) {
    const adapter = adapters[one.fn];
    if (!adapter) {
      pending.set(one.fn, (pending.get(one.fn) ?? 0) + 1);
      // a case of a function that this library does not have is listed by name, so that a new one is seen
      test.todo(`${group} ${one.id}: pending, nothing implements ${one.fn} yet`);
      continue;
    }
    test(`${group} ${one.id}: ${one.fn}`, () => checkCase(one, adapter));
  }
  if (pending.size > 0) {
    const names = [...pending].map(([fn, cases]) => `${fn} (${cases})`);
    console.log(`${group}: pending, nothing implements ${names.join(", ")}`);
  }
}

/** Throws unless `adapter` gives all that the case expects, within its tolerance. */
export function checkCase(one: VectorCase, adapter: Adapter): void {
  const got = adapter(new Inputs(one.input), (name) => plain(one.expect[name]));
  const { objective_rel } = one.tol;
  for (const [name, wanted] of Object.entries(one.expect)) {
    if (objective_rel !== undefined && name !== "objective") continue;
    if (!(name in got)) throw new Error(`${one.id}: the adapter gives no ${name}`);
    compare(
      `${one.id}.${name}`,
      got[name],
      plain(wanted),
      objective_rel === undefined ? one.tol : { abs: 0, rel: objective_rel },
    );
  }
}

function compare(where: string, got: unknown, wanted: unknown, tol: VectorCase["tol"]): void {
  if (got instanceof Within) {
    compare(where, got.value, wanted, { abs: got.abs, rel: 0 });
  } else if (wanted === null) {
    expect(Number.isNaN(got) ? null : got, where).toBeNull();
  } else if (typeof wanted === "string" || typeof wanted === "boolean") {
    expect(got, where).toEqual(wanted);
  } else if (typeof wanted === "number") {
    compareNumber(where, got, wanted, tol);
  } else if (Array.isArray(wanted)) {
    const values = ArrayBuffer.isView(got) ? Array.from(got as Float64Array) : (got as unknown[]);
    expect(values?.length, `${where}: length`).toBe(wanted.length);
    wanted.forEach((value, i) => {
      compare(`${where}[${i}]`, values[i], value, tol);
    });
  } else {
    for (const [name, value] of Object.entries(wanted as Record<string, unknown>)) {
      compare(`${where}.${name}`, (got as Record<string, unknown>)[name], value, tol);
    }
  }
}

function compareNumber(where: string, got: unknown, wanted: number, tol: VectorCase["tol"]): void {
  if (typeof tol.abs !== "number")
    throw new Error(`${where}: the tolerance is "${tol.abs}": the adapter must give one`);
  if (!Number.isFinite(wanted)) {
    expect(got, where).toBe(wanted);
    return;
  }
  const allowed = tol.abs + tol.rel * Math.abs(wanted);
  const distance = Math.abs((got as number) - wanted);
  if (!(distance <= allowed)) throw new Error(`${where}: expected ${wanted} within ${allowed}, got ${got}`);
}

/** Numbers to compute with: NaN is written as null. */
function numeric(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(numeric);
  return value === null ? Number.NaN : plain(value);
}

/** Infinities are written as strings; null stays, for it means NaN or "there is none". */
function plain(value: unknown): unknown {
  if (value === "inf" || value === "+inf" || value === "Infinity") return Number.POSITIVE_INFINITY;
  if (value === "-inf" || value === "-Infinity") return Number.NEGATIVE_INFINITY;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
  return value;
}
