export { type KillSwitch, killSwitch } from "./killSwitch.js";
export type { RiskLimitOptions } from "./riskOptions.js";
