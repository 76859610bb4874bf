import { runGroup } from "../support/vectors.js";

runGroup("paper", {});
