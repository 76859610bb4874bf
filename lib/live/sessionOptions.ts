/** Options of a session, which the session and the handling of its events share. */
import type { LiveRecord } from "./journal/records.js";
import type { ResumeOptions } from "./journal/resume.js";
import type { KillSwitch } from "./risk/killSwitch.js";
import type { Decision } from "./types.js";

/** Options of a session. */
export interface SessionOptions extends ResumeOptions {
  readonly killSwitch?: KillSwitch;
  /**
   * How long a step waits for a symbol whose candle is missing, ms; default 5,000, and 60,000 for what is backfilled. It is
   * counted by the times at which events came, not by those at which they are dealt with: a slow decision leaves nobody behind.
   */
  readonly waitMs?: number;
  readonly backfillWaitMs?: number;
  /** How often the kill switch and what was noted are looked at while no event comes, ms; default 200. */
  readonly lookMs?: number;
  /** Told of each record once it is on the disk; of a step with its decision. */
  readonly told?: (record: LiveRecord, decision?: Decision) => void;
}
