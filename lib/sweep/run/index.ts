export { here } from "./here.js";
export { type Machine, runStack } from "./runStack.js";
export {
  checkBudget,
  type Executor,
  type Outcome,
  type RunOptions,
  runStudy,
  type StudyProgress,
  TABLE,
} from "./runStudy.js";
