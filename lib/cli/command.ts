/** The common parts of all commands: options, an example in the help, and the way from options to work. */
import { type Command, Option } from "commander";
import { processShell, type Shell } from "./shell.js";

interface Declared {
  readonly name: string;
  readonly description: string;
  readonly examples: readonly string[];
}

/** A command of the program with `--json` and `--verbose`, and examples at the end of its help. */
export function declare(program: Command, { name, description, examples }: Declared): Command {
  const lines = examples.map((example) => `  npx vitrade ${example}`).join("\n");
  return program
    .command(name)
    .description(description)
    .option("--json", "the result as JSON on standard output, and nothing else there")
    .option("--verbose", "where an error came from, besides the line that says it")
    .addHelpText("after", `\nExample${examples.length > 1 ? "s" : ""}:\n${lines}`);
}

/** Runs `work` on the options that were given. */
export function runs<Options extends object>(
  command: Command,
  work: (options: Options, shell: Shell) => Promise<void>,
): void {
  command.action(async (options: Options & { readonly json?: boolean }) => {
    const shell = processShell({ json: options.json === true, name: command.name() });
    try {
      await work(options, shell);
    } finally {
      shell.over();
    }
  });
}

/** `--backend`: WebAssembly unless told, which gives the same bits on every machine with fused multiply-add. */
export function backendOption(): Option {
  return new Option("--backend <name>", "of TensorFlow.js; wasm gives the same bits on every machine")
    .choices(["wasm", "native", "auto"])
    .env("VITRADE_BACKEND")
    .default("wasm");
}
