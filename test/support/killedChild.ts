import { spawn } from "node:child_process";
import { once } from "node:events";

/** Starts a program and kills it with SIGKILL `delay` ms after its first word; tells how long it was at work, ms. */
export async function killedChild(args: readonly string[], delay: number): Promise<number> {
  const child = spawn(process.execPath, [...args], { stdio: ["ignore", "pipe", "inherit"] });
  const gone = once(child, "close");
  await Promise.race([once(child.stdout, "data"), gone]);
  const start = performance.now();
  const timer = setTimeout(() => child.kill("SIGKILL"), delay);
  await gone;
  clearTimeout(timer);
  return performance.now() - start;
}
