export { type FolderOptions, readFolder } from "./folder.js";
export { EARLIEST } from "./timeUnit.js";
