import { disentAdapters } from "../support/disentAdapters.js";
import { runGroup } from "../support/vectors.js";

// BV-05, BV-06, BV-18, BV-19, BV-20, BV-21
runGroup("disent", disentAdapters);
