import { seedRulesAdapters } from "../support/seedRulesAdapters.js";
import { runGroup } from "../support/vectors.js";

runGroup("seedrules", seedRulesAdapters);
