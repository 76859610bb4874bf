/** Small notebooks made in a test. */

export interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly text?: readonly string[];
  readonly data?: Readonly<Record<string, unknown>>;
  readonly metadata?: object;
}

export interface Notebook {
  readonly cells: readonly object[];
  readonly metadata: object;
}

export interface Cell {
  readonly source: string;
  readonly outputs?: readonly Output[];
  readonly tags?: readonly string[];
}

export const figureMime = "application/vnd.plotly.v1+json";
export const claimMime = "application/vnd.vitrade.claim+json";

export function printed(text: string): Output {
  return { output_type: "stream", name: "stdout", text: [text] };
}

export function shown(data: Readonly<Record<string, unknown>>): Output {
  return { output_type: "display_data", data, metadata: {} };
}

/** A notebook with these code cells, as a file holds it. */
export function notebook(cells: readonly Cell[], sourceHash = "none"): Notebook {
  return {
    cells: cells.map(({ source, outputs = [], tags }, i) => ({
      cell_type: "code",
      execution_count: outputs.length > 0 ? i + 1 : null,
      id: `cell-${i}`,
      metadata: tags ? { tags } : {},
      outputs,
      source: [source],
    })),
    metadata: { vitrade: { sourceHash } },
    ...{ nbformat: 4, nbformat_minor: 5 },
  };
}
