/** The loadings that made a simulated market, in the unit of the rows of a factor model. */
import { fromRows, type Matrix } from "../../../core/index.js";

/** The part of a simulation's truth that is needed, [A] each. */
export interface LinearTruth {
  /** On the market. */
  readonly loadings: ArrayLike<number>;
  /** Index of the sector of each asset, 0 for none. */
  readonly sector: ArrayLike<number>;
  /** On the asset's own sector. */
  readonly sectorLoadings: ArrayLike<number>;
}

/**
 * Loadings on the market and on each sector over the asset's typical size, [A, 1 + sectors].
 *
 * `sectors` are indices of the sectors wanted, in the order of the columns; `unit` [A] is the typical size of a bar's return, as
 * `features.returnDataset` has it.
 */
export function trueLoadings(
  truth: LinearTruth,
  { sectors, unit }: { readonly sectors: readonly number[]; readonly unit: ArrayLike<number> },
): Matrix {
  const onSector = (asset: number, sector: number) =>
    truth.sector[asset] === sector ? truth.sectorLoadings[asset]! : 0;
  return fromRows(
    Array.from(truth.loadings, (market, asset) =>
      [market, ...sectors.map((sector) => onSector(asset, sector))].map((value) => value / unit[asset]!),
    ),
  );
}
