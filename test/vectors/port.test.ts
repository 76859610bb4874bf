import { portAdapters } from "../support/portAdapters.js";
import { runGroup } from "../support/vectors.js";

runGroup("port", portAdapters);
