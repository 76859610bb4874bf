/** A figure is data: plain Plotly JSON that gives the same bytes whenever the numbers are the same. */

/** One layer of a figure: a Plotly trace. `type` is one of `TRACE_TYPES`. */
export interface Trace {
  readonly type: string;
  readonly name?: string;
  readonly [attribute: string]: unknown;
}

/** Axes, title, legend, shapes: a Plotly layout. */
export interface Layout {
  readonly [attribute: string]: unknown;
}

/** A figure as plain Plotly JSON, which `show` displays. */
export interface Figure {
  readonly data: readonly Trace[];
  readonly layout: Layout;
}

/** The trace types that draw the same with and without a browser. Those of WebGL do not. */
export const TRACE_TYPES: readonly string[] = [
  "bar",
  "box",
  "candlestick",
  "contour",
  "heatmap",
  "histogram",
  "histogram2d",
  "ohlc",
  "scatter",
  "violin",
];

const DIGITS = 6;

/**
 * The figure with sorted keys, typed arrays as arrays, what is not finite as null, and floats to six significant digits.
 *
 * Integers stay exact (epoch milliseconds). Equal figures give equal bytes under JSON.stringify.
 * @throws TypeError at a value that JSON cannot hold, such as a function.
 */
export function canonical(figure: Figure): Figure {
  return plain({ data: figure.data, layout: figure.layout }, "figure") as Figure;
}

/** The value as `canonical` writes numbers: integers exact, floats to six significant digits, null for what is not finite. */
export function canonicalNumber(value: number): number | null {
  if (!Number.isFinite(value)) return null;
  if (Number.isInteger(value)) return value === 0 ? 0 : value;
  return Number(value.toPrecision(DIGITS));
}

function plain(value: unknown, path: string): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return canonicalNumber(value);
  if (value instanceof Date) return value.toISOString();
  if (isArray(value)) return Array.from(value, (entry, i) => plain(entry, `${path}[${i}]`) ?? null);
  if (value === undefined) return undefined;
  if (typeof value !== "object")
    throw new TypeError(`${path}: expected a value of JSON, got a ${typeof value}`);
  const entries = Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, entry]) => [name, plain(entry, `${path}.${name}`)]));
}

/** True for arrays and typed arrays. */
function isArray(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/**
 * The figure itself, once it is known to be drawable.
 * @throws RangeError naming the trace (index and name) when there is no data, when a trace is of a type that is not drawn,
 *   has arrays whose lengths do not match, an empty array, or numbers of which none is finite.
 */
export function checkFigure(figure: Figure): Figure {
  checkOwn("layout", figure.layout);
  if (figure.data.length === 0) throw new RangeError("figure: expected at least one trace, got none");
  figure.data.forEach((trace, i) => {
    const name = trace.name === undefined ? `trace ${i}` : `trace ${i} "${trace.name}"`;
    checkType(name, trace.type);
    checkOwn(name, trace);
    for (const attribute of ["x", "y", "open", "high", "low", "close"])
      checkValues(name, attribute, trace[attribute]);
    if (isArray(trace.z)) checkGrid(name, trace);
    else checkLengths(name, trace);
  });
  return figure;
}

/** Attributes whose content comes from elsewhere: a picture would wait for it, and who opens a figure would tell others of it. */
const FOREIGN: readonly string[] = [
  ...["images", "source", "geojson", "topojson", "geo", "map", "mapbox", "topojsonURL", "plotlyServerURL"],
  "mapboxAccessToken",
];

/** @throws RangeError naming the first attribute by which the figure would fetch something. */
function checkOwn(path: string, value: unknown): void {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return;
  if (Array.isArray(value)) {
    value.forEach((entry, i) => {
      checkOwn(`${path}[${i}]`, entry);
    });
    return;
  }
  for (const [name, entry] of Object.entries(value)) {
    const foreign = name.split(/[.[\]]/).find((part) => FOREIGN.includes(part));
    if (foreign !== undefined && entry !== undefined && !isEmpty(entry))
      throw new RangeError(
        `${path}.${name}: expected a figure that holds all it shows, got one that fetches`,
      );
    checkOwn(`${path}.${name}`, entry);
  }
}

function isEmpty(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0);
}

function checkType(trace: string, type: string): void {
  if (TRACE_TYPES.includes(type)) return;
  const reason = /gl$|3d|surface|mesh|cone|streamtube|volume|map/.test(type)
    ? " (drawn by WebGL or from a network: it would be missing from the picture)"
    : "";
  throw new RangeError(`${trace}: expected a type among ${TRACE_TYPES.join(", ")}, got ${type}${reason}`);
}

function checkValues(trace: string, attribute: string, values: unknown): void {
  if (!isArray(values)) return;
  if (values.length === 0)
    throw new RangeError(`${trace}: expected values in ${attribute}, got an empty array`);
  const entries = Array.from(values);
  const missing = (entry: unknown): boolean =>
    entry === null || entry === undefined || (typeof entry === "number" && !Number.isFinite(entry));
  if (entries.every(missing)) {
    const came = String(entries[0]);
    throw new RangeError(
      `${trace}: expected a finite number in ${attribute}, got ${entries.length} values like ${came}`,
    );
  }
}

function checkLengths(trace: string, attributes: Trace): void {
  const first = attributes.type === "candlestick" || attributes.type === "ohlc" ? "open" : "y";
  const names = first === "open" ? ["x", "high", "low", "close"] : ["x"];
  const wanted = attributes[first];
  if (!isArray(wanted)) return;
  for (const name of names) {
    const values = attributes[name];
    if (!isArray(values) || values.length === wanted.length) continue;
    throw new RangeError(
      `${trace}: expected ${name} and ${first} of equal length, got ${values.length} and ${wanted.length}`,
    );
  }
}

/** A heatmap's x and y may be centres (as many as columns, rows) or edges (one more). */
function checkGrid(trace: string, attributes: Trace): void {
  const rows = Array.from(attributes.z as ArrayLike<unknown>);
  if (rows.length === 0 || !rows.every(isArray)) {
    throw new RangeError(`${trace}: expected z as an array of rows, got ${rows.length} entries that are not`);
  }
  const columns = rows[0]!.length;
  const ragged = rows.findIndex((row) => row.length !== columns);
  if (ragged >= 0) {
    throw new RangeError(
      `${trace}: expected ${columns} columns in each row of z, got ${rows[ragged]!.length} in row ${ragged}`,
    );
  }
  checkValues(
    trace,
    "z",
    rows.flatMap((row) => Array.from(row)),
  );
  checkSide(trace, "x", attributes.x, columns, "columns");
  checkSide(trace, "y", attributes.y, rows.length, "rows");
}

function checkSide(trace: string, name: string, values: unknown, count: number, of: string): void {
  if (!isArray(values) || values.length === count || values.length === count + 1) return;
  throw new RangeError(`${trace}: expected ${name} to match the ${count} ${of} of z, got ${values.length}`);
}
