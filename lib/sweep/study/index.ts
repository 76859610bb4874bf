export { isLowerBetter, type ScoreName } from "./scores.js";
export type { Family, Settings, SettingValue } from "./settings.js";
export { type Draw, readStudy, type Study, studyHash, type Trial } from "./studyFile.js";
