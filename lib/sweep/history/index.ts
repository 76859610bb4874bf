export { encodeHistory } from "./encodeHistory.js";
export { type Bytes, fileBytes, type History, openHistory } from "./openHistory.js";
