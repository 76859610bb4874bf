/** Says before the first test what will be left out on this machine, and why. */
import { missingForBrowser } from "./machine.js";

export function setup(): void {
  const missing = missingForBrowser();
  if (missing) console.warn(`Tests of notebooks in a browser are left out: ${missing}.`);
}
