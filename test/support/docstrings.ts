/** What is missing in the comments of public names: a sentence, shapes where arrays go in or out, and what is thrown. */
import path from "node:path";
import ts from "typescript";

type Body = ts.FunctionDeclaration | ts.ArrowFunction | ts.FunctionExpression;

/** A shape such as [N,K] or […], or bytes; an interval such as [0, 1] is none. */
const SHAPE = /\[(?=[^\]]*[A-Za-z…])[^\][(]*\]|\bbytes\b/;
const RIDDLE = /^(What|How|Whether|Where|Which|Who|When|Why)\b/;
const NUMBERS =
  /^(Float64|Float32|Int32|Uint32|Int16|Uint16|Int8|Uint8|BigInt64)Array$|^Tensor(\dD)?$|^Matrix$/;
const LIST = /^(Readonly)?Array(Like)?$/;

/** One line for each thing that the comments of names exported by `entry` lack, such as "nn.predict: throws". */
export function missingIn(program: ts.Program, entry: string): string[] {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  if (!source) throw new Error(`${entry}: expected a file of the program`);
  const names = publicNames(checker, checker.getSymbolAtLocation(source)!);
  return [...names].flatMap(([symbol, name]) => {
    const declarations = (symbol.declarations ?? []).filter((node) => isOwn(node));
    if (declarations.length === 0) return [];
    return missingOf({ checker, names, symbol, declarations }).map((what) => `${name}: ${what}`);
  });
}

/** Every exported symbol by its first name, namespaces entered. */
function publicNames(checker: ts.TypeChecker, door: ts.Symbol): Map<ts.Symbol, string> {
  const found = new Map<ts.Symbol, string>();
  const visit = (module: ts.Symbol, prefix: string): void => {
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = realOf(checker, exported);
      if (symbol.flags & ts.SymbolFlags.ValueModule) visit(symbol, `${prefix}${exported.name}.`);
      else if (!found.has(symbol)) found.set(symbol, `${prefix}${exported.name}`);
    }
  };
  visit(door, "");
  return found;
}

interface Name {
  readonly checker: ts.TypeChecker;
  readonly names: ReadonlyMap<ts.Symbol, string>;
  readonly symbol: ts.Symbol;
  readonly declarations: readonly ts.Declaration[];
}

function missingOf({ checker, names, symbol, declarations }: Name): string[] {
  const text = declarations.map(commentOf).find((comment) => comment !== "") ?? "";
  const sentence = text.split(/^@/m)[0]!.trim();
  const missing: string[] = [];
  if (sentence === "") missing.push("sentence");
  else if (RIDDLE.test(sentence)) missing.push("a sentence that begins with a noun or a verb");
  const bodies = declarations.map(bodyOf).filter((body) => body !== undefined);
  if (bodies.length === 0) return missing;
  const type = checker.getTypeOfSymbolAtLocation(symbol, declarations[0]!);
  const takesOrReturns = type
    .getCallSignatures()
    .flatMap((call) => [
      call.getReturnType(),
      ...call.getParameters().map((one) => checker.getTypeOfSymbolAtLocation(one, declarations[0]!)),
    ]);
  if (takesOrReturns.some((one) => holdsNumbers(checker, one)) && !SHAPE.test(text)) missing.push("shapes");
  if (bodies.some((body) => throws(checker, names, body)) && !/^.*@throws\b/m.test(text))
    missing.push("throws");
  return missing;
}

/** Whether arrays of numbers, tensors or matrices are in a type, in a literal type or a promise too. */
function holdsNumbers(checker: ts.TypeChecker, type: ts.Type, depth = 0): boolean {
  if (depth > 4) return false;
  const inside = (one: ts.Type) => holdsNumbers(checker, one, depth + 1);
  if (type.isUnionOrIntersection()) return type.types.some(inside);
  const name = type.symbol?.name ?? "";
  if (NUMBERS.test(name)) return true;
  const given = () => checker.getTypeArguments(type as ts.TypeReference);
  if (name === "Promise") return given().some(inside);
  if (LIST.test(name)) {
    const entry = given()[0];
    return entry !== undefined && ((entry.flags & ts.TypeFlags.NumberLike) !== 0 || inside(entry));
  }
  const isLiteral = name === "__type" && type.getCallSignatures().length === 0;
  return isLiteral && type.getProperties().some((property) => inside(checker.getTypeOfSymbol(property)));
}

/** Whether a function throws, checks, or calls a function of its own file, not public, that does. What it returns may throw later. */
function throws(checker: ts.TypeChecker, names: ReadonlyMap<ts.Symbol, string>, body: Body): boolean {
  const seen = new Set<ts.Node>();
  const inBody = (own: Body): boolean => {
    if (seen.has(own) || !own.body) return false;
    seen.add(own);
    return inNode(own.body);
  };
  const inNode = (node: ts.Node): boolean => {
    if (ts.isThrowStatement(node)) return true;
    if (isReturnedFunction(node)) return false;
    if (ts.isTryStatement(node) && node.catchClause)
      return inNode(node.catchClause) || (node.finallyBlock !== undefined && inNode(node.finallyBlock));
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const named = checker.getSymbolAtLocation(node.expression);
      const symbol = named && realOf(checker, named);
      if (symbol && /^check[A-Z]/.test(symbol.name)) return true;
      const called = symbol?.declarations?.map(bodyOf).find((one) => one !== undefined);
      const isHelper =
        called && symbol && !names.has(symbol) && called.getSourceFile() === body.getSourceFile();
      if (isHelper && inBody(called)) return true;
    }
    return ts.forEachChild(node, (child) => inNode(child) || undefined) ?? false;
  };
  return inBody(body);
}

/** A method of an object, or a function that is returned. */
function isReturnedFunction(node: ts.Node): boolean {
  if (ts.isMethodDeclaration(node)) return true;
  const isFunction = ts.isArrowFunction(node) || ts.isFunctionExpression(node);
  return isFunction && (ts.isPropertyAssignment(node.parent) || ts.isReturnStatement(node.parent));
}

function bodyOf(node: ts.Declaration): Body | undefined {
  if (ts.isFunctionDeclaration(node)) return node;
  const value = ts.isVariableDeclaration(node) ? node.initializer : undefined;
  return value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value)) ? value : undefined;
}

function commentOf(node: ts.Declaration): string {
  const holder = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  const comment = ts.getJSDocCommentsAndTags(holder).filter(ts.isJSDoc).at(-1)?.getText() ?? "";
  return comment
    .replace(/^\/\*\*|\*\/$/g, "")
    .replace(/^\s*\* ?/gm, "")
    .trim();
}

function realOf(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function isOwn(node: ts.Node): boolean {
  return !node.getSourceFile().fileName.split(path.sep).join("/").includes("/node_modules/");
}
