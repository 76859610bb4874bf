/** Numbers in the prose of a notebook that neither an output, nor a line of code, nor a stated source holds. */

const textOf = (source) => (Array.isArray(source) ? source.join("") : source);

/**
 * Every number of a text with its decimals, as written: thousands separated by commas or thin spaces are one number, a percent sign is
 * kept apart. Formulas, code, headings, links and numbered names (Figure 2.1, chapter 3, equation (1)) are left out.
 */
export function numbersOf(markdown) {
  const prose = markdown
    .replace(/^#.*$/gm, " ")
    .replace(/\$\$[\s\S]*?\$\$/g, " ")
    .replace(/\$[^$\n]*\$/g, " ")
    .replace(/```[\s\S]*?```/g, " ")
    .replace(/`[^`]*`/g, " ")
    .replace(/\]\([^)]*\)/g, "] ")
    .replace(/<!--[\s\S]*?-->/g, " ")
    .replace(
      /\b(?:Figures?|Tables?|Chapters?|Sections?|Exercises?|Equations?|Part|Steps?|Node|Python|MIT)\s+\d+(?:\.\d+)*(?:\s*(?:and|to|,|–)\s*\d+(?:\.\d+)*)*/gi,
      " ",
    )
    .replace(/\(\d{1,2}\)/g, " ")
    .replace(/\b(?:19|20)\d\d(?:[-–/]\d\d(?:[-–/]\d\d)?)?\b/g, " ")
    .replace(/^\s*\d+\.\s/gm, " ");
  const found = prose.matchAll(/(?<![\p{L}\d.])[−-]?\d+(?:[,\u2009\u202f ]\d{3})*(?:\.\d+)?(?![\p{L}\d])/gu);
  return [...found].map(([number]) => number.replace(/[,\u2009\u202f ]/g, "").replace("−", "-"));
}

/** Whether `value` is what `number` would be, rounded to as many digits as the prose shows. */
function shows(number, value) {
  const decimals = number.split(".")[1]?.length ?? 0;
  const said = Number(number);
  const half = 0.5 * 10 ** -decimals * (1 + 1e-9);
  return (
    Math.abs(said - value) <= half ||
    Math.abs(said - 100 * value) <= half ||
    Math.abs(Math.abs(said) - Math.abs(value)) <= half
  );
}

/** Numbers that the outputs of a cell show as text: streams, tables, checks, plain text. */
function outputNumbers(cell) {
  const texts = (cell.outputs ?? []).flatMap((out) => {
    const data = out.data ?? {};
    const html = textOf(data["text/html"] ?? "").replace(/<[^>]*>/g, " ");
    const figure = data["application/vnd.plotly.v1+json"];
    const words = figure ? JSON.stringify([figure.layout?.title, figure.layout?.annotations]) : "";
    return [
      textOf(out.text ?? ""),
      textOf(data["text/plain"] ?? ""),
      textOf(data["text/markdown"] ?? ""),
      html,
      words,
    ];
  });
  return numbersIn(texts.join("\n"));
}

function numbersIn(text) {
  const found = text.matchAll(/[−-]?\d+(?:[,\u2009\u202f]\d{3})*(?:\.\d+)?(?:e[+-]?\d+)?/g);
  return [...found].map(([n]) => Number(n.replace(/[,\u2009\u202f]/g, "").replace("−", "-")));
}

/**
 * The numbers of the prose that nothing holds. Small whole numbers (0 to 12) and 100 are words. A markdown cell whose metadata has
 * `source`, such as a paper or a file, is taken at its word.
 */
export function unsourcedNumbers(cells) {
  const known = cells
    .filter((cell) => cell.cell_type === "code")
    .flatMap((cell) => [...outputNumbers(cell), ...numbersIn(textOf(cell.source))]);
  const isWord = (number) => /^-?\d+$/.test(number) && (Number(number) <= 12 || Number(number) === 100);
  return cells.flatMap((cell, index) => {
    if (cell.cell_type !== "markdown" || cell.metadata?.source) return [];
    return numbersOf(textOf(cell.source))
      .filter((number) => !isWord(number) && !known.some((value) => shows(number, value)))
      .map((number) => ({ number, cell: index }));
  });
}
