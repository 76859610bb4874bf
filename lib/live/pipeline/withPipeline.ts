/** A study's pipeline for as long as it is needed. */
import type { StudyFit } from "../../models/study/index.js";
import type { PipelineOptions } from "./pipeline.js";
import { type StudyPipelineOptions, studyPipeline } from "./studyPipeline.js";

/**
 * The answer of a function that uses the study's pipeline, whose forecaster is disposed of afterwards, also when the function throws.
 * @throws RangeError as `studyPipeline`, and whatever the function throws.
 */
export function withPipeline<Answer>(
  fit: StudyFit,
  options: StudyPipelineOptions,
  use: (pipeline: PipelineOptions) => Answer,
): Answer {
  const pipeline = studyPipeline(fit, options);
  try {
    return use(pipeline);
  } finally {
    pipeline.forecaster.dispose();
  }
}
