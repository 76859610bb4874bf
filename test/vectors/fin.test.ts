import { finMetricAdapters } from "../support/finAdapters.js";
import { finInferenceAdapters } from "../support/finInferenceAdapters.js";
import { runGroup } from "../support/vectors.js";

runGroup("fin", { ...finMetricAdapters, ...finInferenceAdapters });
