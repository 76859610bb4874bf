/** Public names say in their comments what they are, the shapes of arrays, and what is thrown: the reference is made of these. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { afterAll, expect, test } from "vitest";
import { missingIn } from "../support/docstrings.js";

const root = path.resolve(__dirname, "../..");
const folder = path.join(root, "test", `.docstrings-${process.pid}`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function missing(entry: string, types: readonly string[] = ["node"]): string[] {
  const { config } = ts.readConfigFile(path.join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return missingIn(ts.createProgram([entry], { ...options, types: [...types] }), entry).sort();
}

test("every public name has a sentence, shapes where numbers go in or out in arrays, and what is thrown", () => {
  expect(missing(path.join(root, "lib/index.ts"))).toEqual([]);
});

test("a comment that lacks one of them is found", () => {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, "planted.ts");
  writeFileSync(
    file,
    `export interface Bare { readonly a: number }
/** How a thing stands. */
export type Riddle = "yes" | "no";
/** The mean of the values, in [0, 1]. */
export function shapeless(values: readonly number[]): number { return values.length; }
/** The mean of values [N]. */
export async function shaped(values: { readonly of: Promise<Float64Array> }): Promise<Float64Array> { return values.of; }
/** A number. */
export function silent(n: number): number { return helper(n); }
function helper(n: number): number { if (n < 0) throw new RangeError("n"); return n; }
/** A number. @throws RangeError when it is negative. */
export function told(n: number): number { return helper(n); }
/** A function that may throw when it is called. */
export function later(): () => void { return () => { throw new Error("later"); }; }
/** A number, or 0 where there is none. */
export function caught(n: number): number { try { return helper(n); } catch { return 0; } }
export const bare = 1;
/** A list of words. */
export function words(of: readonly string[]): readonly string[] { return of; }
`,
  );
  expect(missing(file, [])).toEqual([
    "Bare: sentence",
    "Riddle: a sentence that begins with a noun or a verb",
    "bare: sentence",
    "shapeless: shapes",
    "silent: throws",
  ]);
});
