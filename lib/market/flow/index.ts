export { RECORDED } from "./dayFiles.js";
export { barsOfCandles, flowBars, type HeardFlow } from "./flowBars.js";
export {
  type BarFlow,
  type FlowCandle,
  type FlowMeter,
  type FlowMeterOptions,
  flowMeter,
} from "./flowMeter.js";
export { type FlowStreamOptions, flowStream } from "./flowStream.js";
export {
  holdsRecording,
  openRecorder,
  type RecordedRow,
  type Recorder,
  type RecorderOptions,
  readRecorded,
  recordedInterval,
} from "./recorder.js";
