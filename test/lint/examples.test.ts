/** The example at the door of a room is code that a user copies: it must mean something to the compiler. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { afterAll, expect, test } from "vitest";

const root = path.resolve(__dirname, "../..");
const folder = path.join(root, "test", `.examples-${process.pid}`);
const doors = readdirSync(path.join(root, "lib"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .filter((name) => !["bin", "dist", "node_modules", "cli"].includes(name));

/** What an example may take as given. */
const GIVEN = `import { core, features, live, market, models, nn, plot, portfolio, prob, sweep, testing, trading } from "../../lib/index.js";
declare const bars: core.Bars[];
declare const weights: core.Panel;
declare const covariance: core.Matrix;
declare const model: nn.layers.Model;
declare const data: nn.Data;
`;

/** The lines after @example in the comment that opens a room's door; none where it has no example. */
function exampleOf(room: string): string {
  const text = readFileSync(path.join(root, "lib", room, "index.ts"), "utf8");
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(text)?.[1] ?? "";
  const [, example = ""] = comment.split("@example");
  return example.replace(/^ \* ?/gm, "");
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the compiler says of each room's example, by room; rooms without a complaint are left out. */
function complaints(examples: Readonly<Record<string, string>>): Record<string, string> {
  mkdirSync(folder, { recursive: true });
  const files = Object.entries(examples).map(([room, example]) => {
    const file = path.join(folder, `${room}.ts`);
    writeFileSync(file, `${GIVEN}async function example() {\n${example}\n}\nexport { example };\n`);
    return file;
  });
  const { config } = ts.readConfigFile(path.join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(files, { ...options, noUnusedLocals: false });
  const found = files.flatMap((file) => {
    const source = program.getSourceFile(file)!;
    const all = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    const said = all.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
    return said.length > 0 ? [[path.basename(file, ".ts"), said.join("; ")] as const] : [];
  });
  return Object.fromEntries(found);
}

test("every example at a door compiles, and one with a wrong option would not", () => {
  const examples = Object.fromEntries(doors.map((room) => [room, exampleOf(room)]));
  expect(Object.entries(examples).filter(([, example]) => example.trim() !== "").length).toBeGreaterThan(8);
  const wrong = "portfolio.minimumVariance(covariance, { maxWeight: 0.3 });";
  const found = complaints({ ...examples, wrong });
  expect(Object.keys(found)).toEqual(["wrong"]);
  expect(found.wrong).toContain("maxWeight");
});
