/** A training step of autoencoders that read windows of 60 bars with an LSTM or a Transformer. */
import { beforeAll, describe } from "vitest";
import { startBackend } from "../../lib/nn/backend.js";
import { raceSteps } from "./steps.js";
import { attentive, recurrent } from "./subjects.js";

beforeAll(async () => {
  console.log(`backend: ${await startBackend()}`);
});

describe("train: windows", () => {
  raceSteps(recurrent, 1, 5);
  raceSteps(attentive, 1, 5);
});
