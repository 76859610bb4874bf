/** Exits with 0 when the native backend of TensorFlow.js loads and multiplies; else says why not. */
const util = require("node:util");

// Node 23 took away two functions that tfjs-node 4.22 calls
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;

const library = require("node:path").resolve(__dirname, "../lib/package.json");
const here = require("node:module").createRequire(library);
const tf = here("@tensorflow/tfjs");
here("tfjs-node-native");
tf.setBackend("tensorflow");
const product = tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0];
if (product !== 11) throw new Error(`1·3 + 2·4: expected 11, got ${product}`);
