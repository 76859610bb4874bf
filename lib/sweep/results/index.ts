export type { NetworkRow, Score, Scores } from "./networkRow.js";
export { openResults, type Results, type SetAside } from "./resultFolder.js";
export { type Cell, decodeTable, encodeTable, finalRows, OF_MACHINE } from "./resultTable.js";
export {
  firstRows,
  type Importance,
  importanceOf,
  ranked,
  type SearchedSharpe,
  searchedSharpe,
  type TrialRow,
  trialRows,
} from "./trialRows.js";
export { readWeights, type StoredWeights } from "./weights.js";
