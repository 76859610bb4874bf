/** `npx vitrade`: see `npx vitrade --help`. */
import { runProgram } from "./program.js";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? 0 : 1); // whoever reads has read enough, such as `head`
});

process.on("exit", () => {
  if (process.exitCode !== undefined) return;
  process.stderr.write("vitrade: ended before its work was done, as nothing was left to wait for\n");
  process.exitCode = 1;
});

runProgram(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
