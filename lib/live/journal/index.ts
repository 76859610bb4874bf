export { type Journal, type JournalOptions, openJournal, readJournal } from "./journal.js";
export type { Entry } from "./journalLines.js";
export { type PaperRun, readPaperRun } from "./paperRun.js";
export type { LiveRecord, StepRecord } from "./records.js";
