/**
 * Names that a notebook declares twice while a function between uses them. To the kernel the second declaration is a new
 * variable. Functions of the first cell keep the old one, which surprises where that was declared to change, with `let`
 * or `var`; functions of the cells after it take the new one, whatever it is.
 */
import ts from "typescript";

/** The names that a binding declares: one, or those of a pattern. */
function boundNames(name) {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) =>
    ts.isOmittedExpression(element) ? [] : boundNames(element.name),
  );
}

/** The names that a statement of a cell declares, and whether they may change. */
function declarations(statement) {
  if (ts.isVariableStatement(statement)) {
    const list = statement.declarationList;
    const changes = (list.flags & ts.NodeFlags.Const) === 0;
    return list.declarations.flatMap(({ name }) => boundNames(name)).map((name) => ({ name, changes }));
  }
  const isValue =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  return isValue && statement.name ? [{ name: statement.name.text, changes: false }] : [];
}

/** Every identifier below a node that is read or written, rather than the name of a property or of a declaration. */
function* uses(node) {
  if (ts.isIdentifier(node)) {
    const { parent } = node;
    const isKey = ts.isPropertyAssignment(parent) && parent.name === node;
    const isMember = ts.isPropertyAccessExpression(parent) && parent.name === node;
    const isRename = ts.isBindingElement(parent) && parent.propertyName === node;
    const isDeclared = parent.name === node && !ts.isShorthandPropertyAssignment(parent);
    if (!isKey && !isMember && !isRename && !isDeclared) yield node;
  }
  const children = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* uses(child);
}

/** Whether something declared inside `scope` itself has this name: a parameter, or a variable at any depth but functions. */
function declares(scope, name) {
  let found = false;
  const visit = (node) => {
    if ((ts.isVariableDeclaration(node) || ts.isParameter(node)) && boundNames(node.name).includes(name))
      found = true;
    if (ts.isFunctionDeclaration(node) && node !== scope && node.name?.text === name) found = true;
    if (node === scope || !ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  visit(scope);
  return found;
}

/** The names from outside that functions of this cell use, whenever those are called. */
function namesInFunctions(file) {
  const names = new Set();
  for (const identifier of uses(file)) {
    let inside = false;
    let own = false;
    for (let node = identifier.parent; node !== file; node = node.parent) {
      if (!ts.isFunctionLike(node)) continue;
      inside = true;
      own ||= declares(node, identifier.text);
    }
    if (inside && !own) names.add(identifier.text);
  }
  return names;
}

/**
 * @param {readonly string[]} sources  of the code cells, in order
 * @returns {{name: string, first: number, again: number, used: number}[]} by number of cell, from 1: where a name is
 *   declared, where again, and where a function between uses it
 */
export function redeclared(sources) {
  const declared = new Map();
  const found = [];
  const used = [];
  sources.forEach((source, i) => {
    const file = ts.createSourceFile("cell.ts", source, ts.ScriptTarget.Latest, true);
    for (const { name, changes } of file.statements.flatMap(declarations)) {
      const first = declared.get(name);
      declared.set(name, { cell: i, changes });
      if (first === undefined) continue;
      const from = first.changes ? first.cell : first.cell + 1;
      const user = used.findIndex((names, k) => k >= from && names.has(name));
      if (user >= 0) found.push({ name, first: first.cell + 1, again: i + 1, used: user + 1 });
    }
    used.push(namesInFunctions(file));
  });
  return found;
}
