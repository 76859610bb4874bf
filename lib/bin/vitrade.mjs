#!/usr/bin/env node
/** The program of the compiled library. It is a file of its own so that npm finds it before anything is compiled. */
import { existsSync } from "node:fs";

const main = new URL("../dist/cli/main.js", import.meta.url);
if (existsSync(main)) {
  await import(main);
} else {
  console.error("vitrade: the library is not compiled yet; run npm run setup first");
  process.exitCode = 1;
}
