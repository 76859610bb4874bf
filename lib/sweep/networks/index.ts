export { type FoldsOf, foldsOf, historyFolds, type StudyFolds, type StudySource } from "./data.js";
export { sizeOf } from "./model.js";
