/** The data that a study names by their hash, from a file. */
import type { StudySource } from "../../sweep/networks/index.js";
import { readDataset } from "./datasetFile.js";

/** @throws Error when the file is no dataset. */
export async function readSource(path: string): Promise<StudySource> {
  const { sha256, bars, settings } = await readDataset(path);
  const { sequenceLength, predictionHorizon, stride, threshold, fractions } = settings;
  return {
    ...{ sha256, bars, stride, threshold },
    ...{ length: sequenceLength, horizon: predictionHorizon, split: fractions },
  };
}
