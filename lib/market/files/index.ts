/**
 * Candles from a folder of CSV files as users have them.
 * @module
 */
export { type FolderOptions, readFolder } from "./folder.js";
export { nearestData } from "./nearest.js";
export { EARLIEST } from "./timeUnit.js";
