/** What the compiled module exports. */
export { adam } from "./adam";
export { attention, attentionGradient, attentionScratch } from "./attention";
export * from "./binary";
export { gemm, gemmScratch } from "./gemm";
export { layerNorm, layerNormGradient } from "./layerNorm";
export { lstmScratch, lstmSequence, lstmSequenceGradient } from "./lstmSequence";
export { copyRows, swapMiddle } from "./memory";
export { softmax, sum } from "./reduce";
export * from "./unary";
export { isFused } from "./vector";
