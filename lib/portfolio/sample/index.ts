export { evenAlpha, sectorAlpha } from "./concentrations.js";
export { type DirichletMoments, dirichletMoments, sampleDirichlet } from "./dirichlet.js";
export { type RecipeOptions, recipePortfolios, splitSet } from "./recipes.js";
export { type ResampleOptions, resampleReturns } from "./resample.js";
export {
  type BootstrapSetOptions,
  bootstrappedSet,
  dirichletSet,
  joinSets,
  type OptimisedOptions,
  optimisedSet,
  type RollingWindows,
  riskParitySet,
  type TrainingSet,
} from "./trainingSet.js";
