import { runGroup } from "../support/vectors.js";

// Groups that nothing implements yet: each case is listed as pending, by name.
for (const group of ["calib", "disent", "paper", "port"]) runGroup(group, {});
