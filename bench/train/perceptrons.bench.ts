/** A training step of autoencoders of multilayer perceptrons: single models and stacks. */
import { beforeAll, describe } from "vitest";
import { startBackend } from "../../lib/nn/backend.js";
import { raceSteps } from "./steps.js";
import { large, small } from "./subjects.js";

beforeAll(async () => {
  console.log(`backend: ${await startBackend()}`);
});

describe("train: perceptrons", () => {
  for (const replicas of [1, 5, 25]) {
    raceSteps(large, replicas, replicas > 5 ? 4 : 7);
    raceSteps({ ...small, steps: replicas > 5 ? 40 : small.steps }, replicas);
  }
});
