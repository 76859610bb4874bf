import { describe } from "vitest";
import { portAdapters } from "../support/portAdapters.js";
import { runGroup } from "../support/vectors.js";

// VI-35 … VI-41, VP-01, VP-09, VP-12, VP-23, VP-24, VP-37, VP-48, VP-54, VP-62
describe("portfolios", async () => {
  runGroup("port", await portAdapters());
});
