/** Damage of every kind to a file, and what became of reading it. Set FUZZ to the number of damages a kind (60 unless given). */
import { fold, key, type Stream, stream } from "../../lib/core/random.js";

/** Damages a kind. */
export const FUZZ = Number(process.env.FUZZ ?? 60);

/** What became of the damages: refused in words of ours, read as it was, read as something else, or failed in other words. */
export interface Fuzzed {
  readonly refused: number;
  readonly asItWas: number;
  readonly silent: readonly string[];
  readonly crashed: readonly string[];
}

/** Words of the runtime, which tell a user nothing; those in brackets behind words of ours are welcome. */
export const RUNTIME =
  /Cannot (read|destructure|set|convert|mix|access)|is not (a function|iterable|defined|an object|a valid)|Invalid (typed |string |array |data)|Maximum call stack|Unexpected (token|end)|[Oo]ut of (range|memory|bounds)|[Oo]ffset is out|ERR_|^undefined|\[object|BigInt/;

export interface Kind {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Reads the file with other bytes. */
  readonly read: (bytes: Uint8Array) => unknown;
  /** Whether what was read says the same as the whole file. */
  readonly same: (read: never) => boolean;
  /** What an error must name; the file. */
  readonly names: string;
}

/** Truncations, flips and splices in turn, `count` of all together. */
export function* damages(
  content: Uint8Array,
  count: number,
  name: string,
): Generator<readonly [string, Uint8Array]> {
  const draw = stream(fold(key("fuzz"), name));
  const bytes = new Uint8Array(content); // a slice of a Buffer would be a view
  for (let i = 0; i < count; i++) {
    const [what, damaged] = [truncated, flipped, spliced][i % 3]!(bytes, draw);
    if (Buffer.compare(damaged, bytes) !== 0) yield [`${what} (damage ${i})`, damaged];
  }
}

type Damaged = [string, Uint8Array];

function truncated(bytes: Uint8Array, draw: Stream): Damaged {
  const length = draw.integer(bytes.length);
  return [`cut to ${length} bytes`, bytes.slice(0, length)];
}

/** One to three bits. Half of them in the first 300 bytes, where a header says what follows. */
function flipped(bytes: Uint8Array, draw: Stream): Damaged {
  const out = bytes.slice();
  const within = draw.uniform() < 0.5 ? Math.min(300, bytes.length) : bytes.length;
  const at = Array.from({ length: 1 + draw.integer(3) }, () => draw.integer(within));
  for (const place of at) out[place]! ^= 1 << draw.integer(8);
  return [`flipped at ${at.join(", ")}`, out];
}

/** A stretch taken out, doubled, moved, or written over by zeros or noise. */
function spliced(bytes: Uint8Array, draw: Stream): Damaged {
  const from = draw.integer(bytes.length);
  const length = 1 + draw.integer(Math.min(64, bytes.length - from));
  const [before, piece, after] = [
    bytes.slice(0, from),
    bytes.slice(from, from + length),
    bytes.slice(from + length),
  ];
  const to = draw.integer(bytes.length);
  const noise = Uint8Array.from(piece, () => draw.integer(256));
  const parts = [
    [before, after],
    [before, piece, piece, after],
    [bytes.slice(0, to), piece, bytes.slice(to)],
    [before, new Uint8Array(length), after],
    [before, noise, after],
  ][draw.integer(5)]!;
  return [`spliced ${length} at ${from}`, new Uint8Array(Buffer.concat(parts))];
}

/** Reads every damaged file of a kind. */
export async function fuzz({ name, bytes, read, same, names }: Kind, count = FUZZ): Promise<Fuzzed> {
  let [refused, asItWas] = [0, 0];
  const [silent, crashed]: [string[], string[]] = [[], []];
  for (const [what, damaged] of damages(bytes, count, name)) {
    try {
      const found = (await read(damaged)) as never;
      if (same(found)) asItWas++;
      else silent.push(what);
    } catch (error) {
      if (isOurs(error, names)) refused++;
      else crashed.push(`${what}: ${(error as Error).stack}`);
    }
  }
  if (process.env.FUZZ)
    process.stdout.write(
      `${name}: ${refused} refused, ${asItWas} as it was, ${silent.length} silent, ${crashed.length} crashed\n`,
    );
  return { refused, asItWas, silent, crashed };
}

/** Whether an error is a sentence of ours that names the file. */
export function isOurs(error: unknown, names: string): boolean {
  const { message } = error as Error;
  return (
    error instanceof Error && message.includes(names) && !RUNTIME.test(message.replace(/\([^()]*\)/g, ""))
  );
}

const LIES: readonly unknown[] = [null, -1, 0, 1.5, 1e300, 2 ** 40, "", "x", [], {}, [null], true];

/** Documents in which one value is another or gone, each value in turn: what a file could claim under a right checksum. */
export function* lies(document: unknown): Generator<readonly [string, unknown]> {
  for (const path of pathsOf(document)) {
    for (const lie of LIES)
      yield [`${path.join(".")} = ${JSON.stringify(lie)}`, replaced(document, path, lie)];
    yield [`${path.join(".")} gone`, replaced(document, path, undefined)];
  }
}

function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [[...path]];
  const inner = Object.entries(value)
    .slice(0, 3)
    .flatMap(([name, entry]) => pathsOf(entry, [...path, name]));
  return path.length > 0 ? [[...path], ...inner] : inner;
}

function replaced(document: unknown, path: readonly string[], value: unknown): unknown {
  const copy = structuredClone(document) as Record<string, unknown>;
  const parent = path.slice(0, -1).reduce((at, name) => at[name] as Record<string, unknown>, copy);
  const last = path.at(-1)!;
  if (value === undefined && !Array.isArray(parent)) delete parent[last];
  else parent[last] = value ?? null;
  return copy;
}
