/**
 * Exported values of the library that only tests use: `node scripts/lint/users.mjs` prints them, and how many are public in each room. A use counts in the library itself but for its
 * doors, in a notebook, a page of the documentation, an example at a door, a script or a bench; of a public value, outside its own file.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { inRoot } from "../setup/paths.mjs";

const door = inRoot("lib/index.ts");

/** Names of files below a folder of the repository, without what is built or installed. */
function filesBelow(folder, ending) {
  return readdirSync(inRoot(folder), { recursive: true, encoding: "utf8" })
    .map((name) => path.posix.join(folder, name.replaceAll("\\", "/")))
    .filter((name) => ending.test(name) && !/(^|\/)(dist|node_modules|assembly|\.\w+)\//.test(name))
    .sort();
}

const read = (file) => readFileSync(inRoot(file), "utf8");

function cellsOf(file) {
  const code = JSON.parse(read(file)).cells.filter((cell) => cell.cell_type === "code");
  return code.map(({ source }) => [source].flat().join("")).join("\n");
}

const rooms = [...readFileSync(door, "utf8").matchAll(/^export \* as (\w+)/gm)].map(([, name]) => name);
const given = `import { ${rooms.join(", ")} } from "vitrade";\n`;

/** The example in the comment that opens a room's door, which takes the rooms as given. */
function exampleOf(file) {
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(read(file))?.[1] ?? "";
  return given + (comment.split("@example")[1]?.replace(/^ \* ?/gm, "") ?? "");
}

/** The names that a page writes out with their room, such as `sweep.readWeights`, in its prose and its blocks of code. */
function namesOn(file) {
  const found = read(file).match(new RegExp(`\\b(?:${rooms.join("|")})(?:\\.\\w+)+`, "g")) ?? [];
  return `${given}${found.join(";\n")};`;
}

/** Code outside the library by the place it is read from. */
function codeOutside() {
  const pages = ["README.md", "lib/README.md", ...filesBelow("docs", /\.md$/)];
  return [
    ...filesBelow("notebooks", /\.ipynb$/).map((file) => [file, cellsOf(file)]),
    ...pages.map((file) => [file, namesOn(file)]),
    ...filesBelow("lib", /^lib\/\w+\/index\.ts$/).map((file) => [`${file} example`, exampleOf(file)]),
    ...filesBelow("scripts", /\.mjs$/).map((file) => [file, read(file)]),
  ];
}

/** The same as files beside the library's door, by name: what they import from vitrade is taken from the sources. */
function outsideFiles(codes) {
  const nameOf = (place) => inRoot("lib", `.outside-${place.replace(/\W/g, "-")}.ts`);
  const fromSources = (code) =>
    code
      .replace(/(["'])vitrade\1/g, '"./index.js"')
      .replace(/import\(inRoot\(.*?\)\)/g, 'import("./index.js")');
  return new Map(codes.map(([place, code]) => [nameOf(place), `${fromSources(code)}\nexport {};\n`]));
}

/** A program of the library, its benches and the code outside it, which is kept in memory. */
function programOf(outside) {
  const { config } = ts.readConfigFile(inRoot("tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, inRoot("."));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => outside.has(name) || fileExists(name);
  host.readFile = (name) => outside.get(name) ?? readFile(name);
  host.getSourceFile = (name, ...rest) => {
    const text = outside.get(name);
    return text === undefined ? getSourceFile(name, ...rest) : ts.createSourceFile(name, text, rest[0], true);
  };
  const own = [...filesBelow("lib", /(?<!\.d)\.ts$/), ...filesBelow("bench", /\.ts$/)];
  return ts.createProgram([...own.map((name) => inRoot(name)), ...outside.keys()], options, host);
}

/** The symbol that an alias stands for. */
function realOf(checker, symbol) {
  return symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

const fileOf = (symbol) => symbol.valueDeclaration?.getSourceFile();
const isOfLibrary = ({ fileName }) => fileName.startsWith(inRoot("lib") + path.sep);

/** Every value that one of the files declares and exports. */
function valuesOf(checker, files) {
  return files.flatMap((source) => {
    const module = checker.getSymbolAtLocation(source);
    const exported = module ? checker.getExportsOfModule(module) : [];
    return exported.map((symbol) => realOf(checker, symbol)).filter((symbol) => fileOf(symbol) === source);
  });
}

/** Whether a file of the program is read for uses: a door only hands on. */
const isRead = (source) =>
  !source.isDeclarationFile &&
  !source.fileName.includes("/node_modules/") &&
  path.basename(source.fileName) !== "index.ts";

/** The names under which the library's door hands its own values on, such as "features.facts.kpss". */
function publicNames(checker, source) {
  const found = new Map();
  const visit = (module, prefix) => {
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = realOf(checker, exported);
      const from = fileOf(symbol);
      if (!from || !isOfLibrary(from)) continue;
      if (symbol.flags & ts.SymbolFlags.ValueModule) visit(symbol, `${prefix}${exported.name}.`);
      else if (!found.has(symbol)) found.set(symbol, `${prefix}${exported.name}`);
    }
  };
  visit(checker.getSymbolAtLocation(source), "");
  return found;
}

/** The symbol that an identifier means where it is used; none where it is the name at the head of what it declares. */
function meaningOf(checker, node) {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) return checker.getShorthandAssignmentValueSymbol(parent);
  if (ts.isBindingElement(parent) && parent.initializer !== node) {
    const isTaken = ts.isObjectBindingPattern(parent.parent) && (parent.propertyName ?? parent.name) === node;
    return isTaken ? checker.getTypeAtLocation(parent.parent).getProperty(node.text) : undefined;
  }
  const isUse = parent.name !== node || ts.isPropertyAccessExpression(parent) || ts.isImportSpecifier(parent);
  return isUse ? checker.getSymbolAtLocation(node) : undefined;
}

/** The files that use each symbol of one of these names. */
function usersOf(checker, files, names) {
  const found = new Map();
  for (const source of files) {
    const visit = (node) => {
      if (ts.isIdentifier(node) && names.has(node.text)) {
        const symbol = realOf(checker, meaningOf(checker, node));
        if (symbol) found.set(symbol, (found.get(symbol) ?? new Set()).add(source));
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}

/**
 * Every exported value of the library and who uses it.
 * @returns {{name: string, file: string, users: string[]}[]} by public name or, behind the doors, by its own; users are files of the library and
 *   the benches, and places outside
 */
export function exportedValues() {
  const codes = codeOutside();
  const outside = outsideFiles(codes);
  const program = programOf(outside);
  const checker = program.getTypeChecker();
  const files = program.getSourceFiles().filter(isRead);
  const own = files.filter((source) => isOfLibrary(source) && !outside.has(source.fileName));
  const values = valuesOf(checker, own);
  const names = publicNames(checker, program.getSourceFile(door));
  const lastNames = [...names.values()].map((name) => name.split(".").at(-1));
  const users = usersOf(checker, files, new Set([...values.map(({ name }) => name), ...lastNames]));
  const places = new Map([...outside.keys()].map((file, i) => [file, codes[i][0]]));
  const placeOf = ({ fileName }) => places.get(fileName) ?? path.relative(inRoot("."), fileName);
  return values.map((symbol) => ({
    name: names.get(symbol) ?? symbol.name,
    file: placeOf(fileOf(symbol)),
    users: [...(users.get(symbol) ?? [])]
      .filter((source) => !names.has(symbol) || source !== fileOf(symbol))
      .map(placeOf),
  }));
}

/** Values that are kept without a user, each with the reason. */
export const kept = new Map(
  Object.entries(JSON.parse(read("scripts/lint/kept.json"))).flatMap(([reason, names]) =>
    names.map((name) => [name, reason]),
  ),
);

/** How many public values each room has, and each namespace in it, such as "features.facts". */
function publicCounts(values) {
  const counts = {};
  for (const { name } of values) {
    const place = name.split(".").slice(0, -1).join(".");
    if (place) counts[place] = (counts[place] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

if (process.argv[1] === import.meta.filename) {
  const values = exportedValues();
  console.table(publicCounts(values));
  const without = values.filter(({ users }) => users.length === 0);
  console.table(without.map(({ name, file }) => ({ name, file, kept: kept.get(name) ?? "" })));
}
