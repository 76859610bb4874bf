/** Settings that the environment gives. The one file of the library that reads it. */

import { setFlagsFromString } from "node:v8";
import { getProxyForUrl } from "proxy-from-env";

/** A treatment of the numbers that a notebook asserts. */
export type ClaimMode = "enforced" | "reported";

/** True in a quick run: numbers shrink, claims are reported only. */
export function isQuick(): boolean {
  return process.env.VITRADE_BUDGET === "quick";
}

/** The market asked for: "simulated" (the default), "bybit", or a folder of SYMBOL.csv.gz. */
export function marketSource(): string {
  return process.env.MARKET || "simulated";
}

/** True when the process behind the bars is known: for the simulated market alone. */
export function truthIsKnown(): boolean {
  return marketSource() === "simulated";
}

/** Claims are enforced where their prose was written: on the default market, at the full budget. */
export function claimMode(): ClaimMode {
  return isQuick() || !truthIsKnown() ? "reported" : "enforced";
}

/** Checks are enforced where claims are, in a reproduction alone: someone who changes a number and looks is told, not stopped. */
export function checkMode(): ClaimMode {
  return process.env.VITRADE_CHECKS === "enforce" ? claimMode() : "reported";
}

/** Socket of a process that draws figures for this one, by VITRADE_DRAWER; undefined where each draws its own. */
export function drawer(): string | undefined {
  return process.env.VITRADE_DRAWER || undefined;
}

/**
 * The numbers a notebook works with: as given, or in a quick run an eighth of each (at least 1, or what `quick` names).
 * @throws RangeError when a number is not a positive integer.
 */
export function budget<T extends Record<string, number>>(full: T, quick: Partial<T> = {}): T {
  const scaled: Record<string, number> = {};
  for (const [name, value] of Object.entries(full)) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`budget ${name}: expected a positive integer, got ${value}`);
    }
    scaled[name] = isQuick() ? (quick[name] ?? Math.max(1, Math.ceil(value / 8))) : value;
  }
  return scaled as T;
}

/** A TensorFlow.js backend to ask for. */
export type BackendChoice = "auto" | "wasm" | "native";

/**
 * The backend the environment asks for, "auto" unless it says otherwise.
 * @throws RangeError when VITRADE_BACKEND is none of auto, wasm, native.
 */
export function backendChoice(): BackendChoice {
  const choice = process.env.VITRADE_BACKEND || "auto";
  if (choice !== "auto" && choice !== "wasm" && choice !== "native") {
    throw new RangeError(`VITRADE_BACKEND: expected auto, wasm or native, got ${choice}`);
  }
  return choice;
}

/**
 * True when training and prediction are compiled: the default, unless VITRADE_COMPILE is "off".
 * @throws RangeError when it is anything else than on or off.
 */
export function compiles(): boolean {
  const choice = process.env.VITRADE_COMPILE || "on";
  if (choice !== "on" && choice !== "off")
    throw new RangeError(`VITRADE_COMPILE: expected on or off, got ${choice}`);
  return choice === "on";
}

/** Kernels of the wasm backend: the library's own, the same without fused multiply-add, or those of TensorFlow.js. */
export type KernelChoice = "own" | "fused" | "stock";

/**
 * The kernels that the environment asks for, "own" unless VITRADE_KERNELS says otherwise: the same bits on every machine. "fused" rounds a
 * product and its sum once, where the processor can.
 * @throws RangeError when it is none of own, fused, stock.
 */
export function kernelChoice(): KernelChoice {
  const choice = process.env.VITRADE_KERNELS || "own";
  if (choice !== "own" && choice !== "fused" && choice !== "stock")
    throw new RangeError(`VITRADE_KERNELS: expected own, fused or stock, got ${choice}`);
  return choice;
}

/** Lets V8 read WebAssembly with fused multiply-add where its version has it behind a flag: Node 20. */
export function allowFusedOperations(): void {
  setFlagsFromString("--experimental-wasm-relaxed-simd");
}

/**
 * The number of threads that the environment fixes for a training, or nothing where it is left to the work and the machine.
 * @throws RangeError when VITRADE_THREADS is no positive integer.
 */
export function threadLimit(): number | undefined {
  const text = process.env.VITRADE_THREADS;
  if (!text) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new RangeError(`VITRADE_THREADS: expected a positive integer, got ${text}`);
  return Number(text);
}

/** User and password of a queue, as the environment names them: a command line could be read by every process of the machine. */
export function queueCredentials(): {
  readonly user?: string | undefined;
  readonly password?: string | undefined;
} {
  return { user: process.env.VITRADE_QUEUE_USER, password: process.env.VITRADE_QUEUE_PASSWORD };
}

/** An object store, and the keys of who asks it. */
export interface ObjectStore {
  /** Its address, without a slash at the end. */
  readonly endpoint: string;
  readonly region: string;
  readonly keyId: string;
  readonly secret: string;
  /** Of keys that are lent for a time. */
  readonly token?: string | undefined;
}

/**
 * The object store that the environment names as the tools of AWS do: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN,
 * AWS_REGION, and AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL for one that is not Amazon's.
 * @throws Error saying which name is missing.
 */
export function objectStore(): ObjectStore {
  const { env } = process;
  const [keyId, secret] = [env.AWS_ACCESS_KEY_ID, env.AWS_SECRET_ACCESS_KEY];
  if (!keyId || !secret)
    throw new Error(
      `s3: expected keys in the environment, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, got no ${keyId ? "secret" : "key"}`,
    );
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || "us-east-1";
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || `https://s3.${region}.amazonaws.com`;
  return { endpoint: endpoint.replace(/\/+$/, ""), region, keyId, secret, token: env.AWS_SESSION_TOKEN };
}

/**
 * The proxy that the environment names for an address, as HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say; WebSockets go the way of
 * HTTP. There is none for this machine itself.
 */
export function proxyFor(address: string): string | undefined {
  const asHttp = address.replace(/^ws/, "http");
  if (!URL.canParse(asHttp) || OWN_MACHINE.test(new URL(asHttp).hostname)) return undefined;
  return getProxyForUrl(asHttp) || undefined;
}

const OWN_MACHINE = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Tells TensorFlow's library, before it is loaded, to use one thread within an operation and to log no more than warnings, unless the
 * environment says otherwise: small networks are two to four times faster, and there is no setting for one graph.
 */
export function setNativeDefaults(): void {
  process.env.TF_NUM_INTRAOP_THREADS ??= "1";
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "1";
}
