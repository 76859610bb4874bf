export { type ModelSize, networkCount, type Stack, type StackNetwork } from "./stacks.js";
export { type Compared, survivors } from "./stopping.js";
export { searchedNames, trialCount, trialsOf } from "./trials.js";
