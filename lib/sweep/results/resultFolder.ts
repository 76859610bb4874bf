/** The results of a study in a folder: a file a stack, whole or not there, which a second delivery does not change. */
import { existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { ownVersion, readWhole, writeWhole } from "../../core/index.js";
import type { Stack } from "../plan/stacks.js";
import { type Study, studyHash } from "../study/studyFile.js";
import type { NetworkRow } from "./networkRow.js";
import { readRows } from "./rows.js";
import { storedWeights, storeWeights, weightsName } from "./weights.js";

/** Networks that could not be trained, and why. */
export interface SetAside {
  readonly stack: string;
  readonly networks: readonly number[];
  readonly error: string;
  readonly tries: number;
}

/** Results of a study so far, in a folder. */
export interface Results {
  readonly folder: string;
  /** Whether the network has a row of this comparison, and weights where they are wanted. */
  has(rung: number, network: number): boolean;
  /** The score that the study selects by, of a network at a comparison; undefined where it has none. */
  selected(rung: number, network: number): number | undefined;
  /** Keeps the rows of a stack; those that are there already stay as they are. */
  put(stack: string, rows: readonly NetworkRow[]): Promise<void>;
  setAside(stack: Stack, problem: { readonly error: string; readonly tries: number }): Promise<void>;
  /** Those set aside by this run, by number: the next run tries them again. */
  readonly aside: readonly SetAside[];
  /** All rows, a stack at a time, in the order of their files. */
  rows(): AsyncGenerator<readonly NetworkRow[]>;
}

/**
 * The results in a folder, which is made where it is not there.
 *
 * Where `weights` are wanted, a network without them counts as one without results.
 * @throws Error when they are of another study or version, or a file is damaged.
 */
export async function openResults(
  folder: string,
  study: Study,
  { weights = false }: { readonly weights?: boolean } = {},
): Promise<Results> {
  const stored = weights ? await storedWeights(folder) : undefined;
  const [parts, asides] = [join(folder, "parts"), join(folder, "aside")];
  await mkdir(parts, { recursive: true });
  await claim(folder, study);
  await rm(asides, { recursive: true, force: true });
  const scores = new Map<string, number | null>();
  const selected = `validation_${study.select}`;
  const note = (rows: readonly NetworkRow[]) => {
    for (const { rung, network, scores: own } of rows)
      scores.set(`${rung} ${network}`, own[selected]?.value ?? null);
  };
  for await (const rows of rowsIn(parts)) note(rows);
  const aside: SetAside[] = [];
  return {
    folder,
    get aside() {
      return [...aside].sort((a, b) => a.networks[0]! - b.networks[0]!);
    },
    has: (rung, network) =>
      scores.has(`${rung} ${network}`) && (stored === undefined || stored.has(weightsName(rung, network))),
    selected: (rung, network) => scores.get(`${rung} ${network}`) ?? undefined,
    async put(stack, rows) {
      const path = join(parts, `${stack}.json`);
      for (const row of rows) await storeWeights(folder, row);
      if (existsSync(path)) return;
      const alone = rows.map(({ weights: _, ...row }) => row);
      await writeWhole(path, `${JSON.stringify(alone)}\n`);
      note(alone);
    },
    async setAside(stack, { error, tries }) {
      const networks = stack.networks.map(({ network }) => network);
      aside.push({ stack: stack.id, networks, error, tries });
      await mkdir(asides, { recursive: true });
      await writeWhole(join(asides, `${stack.id}.json`), `${JSON.stringify(aside.at(-1), null, 2)}\n`);
    },
    rows: () => rowsIn(parts),
  };
}

async function* rowsIn(parts: string): AsyncGenerator<readonly NetworkRow[]> {
  const names = (await readdir(parts)).filter((name) => name.endsWith(".json")).sort();
  for (const name of names) {
    const path = join(parts, name);
    yield readRows(jsonOf(path, (await readWhole(path)).toString()), path);
  }
}

/** Writes whose results these are, or finds that they are another's. */
async function claim(folder: string, study: Study): Promise<void> {
  const path = join(folder, "study.json");
  const own = { study: studyHash(study), version: ownVersion(), file: study };
  if (!existsSync(path)) return writeWhole(path, `${JSON.stringify(own, null, 2)}\n`);
  const found = jsonOf(path, (await readWhole(path)).toString()) as Partial<typeof own>;
  if (found.study !== own.study)
    throw new Error(
      `${folder}: expected results of the study "${study.name}" as its file is now, got those of another; name another folder`,
    );
  if (found.version !== own.version)
    throw new Error(
      `${folder}: expected results of version ${own.version}, got those of ${found.version}; name another folder`,
    );
}

function jsonOf(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${path}: expected JSON, got a damaged file; remove it and run the command again`);
  }
}
