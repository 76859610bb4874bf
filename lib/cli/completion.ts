/** `vitrade completion`: what a shell needs to complete commands, options and their choices. */
import { Argument, type Command, type Option } from "commander";
import { declare, runs } from "./command.js";

type ShellName = "bash" | "zsh" | "fish";

export function declareCompletion(program: Command): void {
  const command = declare(program, {
    name: "completion",
    description: "Writes the completion of a shell: commands, options, and the choices of an option.",
    examples: ["completion bash >> ~/.bashrc", "completion fish > ~/.config/fish/completions/vitrade.fish"],
  }).addArgument(new Argument("<shell>", "whose completion").choices(["bash", "zsh", "fish"]));
  runs(command, async (_, shell) => {
    const name = command.args[0] as ShellName;
    const script = completionOf(program, name);
    shell.print({ shell: name, script }, () => script.split("\n"));
  });
}

/** zsh's own completion, started where the user's settings have not, and bash's way of declaring one. */
const ZSH_READY = [
  "autoload -U compinit bashcompinit",
  "(( $+functions[compdef] )) || compinit -i",
  "bashcompinit",
].join("\n");

/** The script for one shell. */
export function completionOf(program: Command, shell: ShellName): string {
  if (shell === "fish") return fishOf(program);
  const bash = bashOf(program);
  return shell === "bash" ? bash : `${ZSH_READY}\n${bash}`;
}

const longOf = (options: readonly Option[]): string[] =>
  options.flatMap(({ long, hidden }) => (long && !hidden ? [long] : []));

/** A variable of the shell. */
const variable = (name: string): string => `"$\{${name}}"`;

function bashOf(program: Command): string {
  const names = program.commands.map((command) => command.name());
  const cases = program.commands.map(
    (command) => `    ${command.name()}) words="${longOf(command.options).join(" ")} --help" ;;`,
  );
  const choices = new Map(
    program.commands
      .flatMap((command) => command.options)
      .flatMap(({ long, argChoices }): [string, string][] =>
        long && argChoices ? [[long, argChoices.join(" ")]] : [],
      ),
  );
  const chosen = [...choices].map(([long, words]) => `    ${long}) words="${words}" ;;`);
  return [
    "_vitrade() {",
    `  local word=${variable("COMP_WORDS[COMP_CWORD]")} before=${variable("COMP_WORDS[COMP_CWORD-1]")} words=""`,
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W "${names.join(" ")} --help --version" -- "$word")); return`,
    "  fi",
    '  case "$before" in',
    ...chosen,
    '    completion) words="bash zsh fish" ;;',
    "  esac",
    '  if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$word")); return; fi',
    `  case ${variable("COMP_WORDS[1]")} in`,
    ...cases,
    "  esac",
    '  if [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "$words" -- "$word")); else COMPREPLY=(); fi',
    "}",
    "complete -o default -F _vitrade vitrade",
  ].join("\n");
}

function fishOf(program: Command): string {
  const said = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
  return program.commands
    .flatMap((command) => {
      const name = command.name();
      const within = `complete -c vitrade -n '__fish_seen_subcommand_from ${name}'`;
      return [
        `complete -c vitrade -n __fish_use_subcommand -f -a ${name} -d '${said(command.description())}'`,
        ...command.options
          .filter(({ long }) => long)
          .map(({ long, description, required, argChoices }) => {
            const choices = argChoices ? ` -x -a '${argChoices.join(" ")}'` : required ? " -r" : "";
            return `${within} -l ${long!.slice(2)}${choices} -d '${said(description)}'`;
          }),
      ];
    })
    .concat("complete -c vitrade -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'")
    .join("\n");
}
