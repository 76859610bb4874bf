import { taAdapters } from "../support/taAdapters.js";
import { runGroup } from "../support/vectors.js";

// VI-51, VI-52, VI-53, VI-54, VI-55, VI-56, VI-57, VI-60
runGroup("ta", taAdapters);
