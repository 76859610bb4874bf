/** TensorFlow.js as it is: the instance that the backend was started for. */
import * as tf from "@tensorflow/tfjs";

export { tf };
