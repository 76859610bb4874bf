export { type Credentials, checkAnswers, type QueuePlace, queuePlace } from "./connection.js";
export { type Served, type ServeOptions, serve } from "./serve.js";
export { byWorkers, type WorkersOptions } from "./workers.js";
