/** TensorFlow.js as it is, for models that are written out by hand. */
export * from "@tensorflow/tfjs";
