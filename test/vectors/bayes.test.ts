import { bayesAdapters } from "../support/bayesAdapters.js";
import { runGroup } from "../support/vectors.js";

runGroup("bayes", bayesAdapters);
