import { runGroup } from "../support/vectors.js";

runGroup("port", {});
