export type { Fill } from "./paperBroker.js";
