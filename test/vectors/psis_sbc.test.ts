import { psisSbcAdapters } from "../support/psisSbcAdapters.js";
import { runGroup } from "../support/vectors.js";

runGroup("psis_sbc", psisSbcAdapters);
