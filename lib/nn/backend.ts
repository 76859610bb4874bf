/** Chooses and starts the TensorFlow.js backend. The one file that knows how each is loaded. */
import { dirname, sep } from "node:path";
import util from "node:util";
import * as tf from "@tensorflow/tfjs";
import { type BackendChoice, backendChoice, kernelChoice, setNativeDefaults } from "../core/index.js";
import { registerNativeAdam } from "./compile/nativeAdam.js";
import { registerNativeLstm } from "./compile/nativeLstm.js";
import { registerKernels } from "./kernels/wasm.js";

/** A backend that can run: wasm gives the same bits on every machine, native is faster where its library is installed. */
export type Backend = "wasm" | "native";

let starting: Promise<Backend> | undefined;

/**
 * Starts TensorFlow.js once and says which backend runs.
 *
 * "auto" is native when its library loads, wasm otherwise. Call it before the first tensor is made; a second call
 * gives the first answer. It does not move tensors between backends.
 * @throws Error when native is asked for and cannot be loaded, when wasm cannot start, or when another backend than
 *   the one asked for is already running.
 */
export async function startBackend(choice: BackendChoice = backendChoice()): Promise<Backend> {
  starting ??= start(choice);
  const running = await starting.catch((error: unknown) => {
    starting = undefined;
    throw error;
  });
  if (choice !== "auto" && choice !== running) {
    throw new Error(
      `TensorFlow.js already runs on ${running}; ${choice} must be chosen before the first tensor`,
    );
  }
  return running;
}

async function start(choice: BackendChoice): Promise<Backend> {
  tf.env().set("IS_NODE", true);
  if (choice !== "wasm") {
    const failure = loadNative();
    if (failure === null && (await tf.setBackend("tensorflow"))) {
      registerNativeAdam();
      registerNativeLstm();
      return "native";
    }
    if (choice === "native") {
      throw new Error(
        `the native backend cannot be loaded (${failure ?? "it did not start"}). Unset VITRADE_BACKEND to use wasm, or reinstall where the network lets @tensorflow/tfjs-node download its library`,
      );
    }
  }
  const wasm = await import("@tensorflow/tfjs-backend-wasm");
  wasm.setWasmPaths(
    dirname(require.resolve("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm")) + sep,
  );
  if (!(await tf.setBackend("wasm"))) throw new Error("the wasm backend of TensorFlow.js did not start");
  const kernels = kernelChoice();
  if (kernels !== "stock") registerKernels({ fused: kernels === "fused" });
  return "wasm";
}

/** Loads the native backend; returns why it cannot be loaded, or null. */
function loadNative(): string | null {
  restoreRemovedUtilities();
  setNativeDefaults();
  try {
    require("tfjs-node-native");
    return null;
  } catch (error) {
    return (error as Error).message.split("\n")[0] ?? "unknown reason";
  }
}

/** tfjs-node 4.22 calls two functions that Node 23 took away. */
function restoreRemovedUtilities(): void {
  const removed: Record<string, (value: unknown) => boolean> = {
    isNullOrUndefined: (value) => value === null || value === undefined,
    isArray: Array.isArray,
  };
  for (const [name, replacement] of Object.entries(removed)) {
    if (!(name in util)) Object.defineProperty(util, name, { value: replacement });
  }
}
