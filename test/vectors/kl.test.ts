import { klAdapters } from "../support/klAdapters.js";
import { runGroup } from "../support/vectors.js";

runGroup("kl", klAdapters);
