import { calibAdapters } from "../support/calibAdapters.js";
import { runGroup } from "../support/vectors.js";

runGroup("calib", calibAdapters);
