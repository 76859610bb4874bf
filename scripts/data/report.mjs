/** What every download did: a table, or JSON on standard output; failures on standard error in either case. */
export function printReport(
  { symbols, interval, category, json, folder },
  results,
  { visible, visibleJson },
) {
  const reports = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failures = results.flatMap((result, i) =>
    result.status === "rejected" ? [{ symbol: symbols[i], error: result.reason.message }] : [],
  );
  if (json)
    console.log(visibleJson(JSON.stringify({ folder, interval, category, reports, failures }, null, 2)));
  else for (const line of reportLines(reports)) console.log(line);
  for (const { symbol, error } of failures) {
    console.error(`data: ${visible(error.includes(symbol) ? error : `${symbol}: ${error}`)}`);
  }
}

/** Lines of a table, a series each. */
export function reportLines(reports) {
  if (reports.length === 0) return [];
  const head = ["symbol", "interval", "category", "fetched", "rows", "missing", "files"];
  const rows = [head, ...reports.map((report) => head.map((name) => String(report[name])))];
  const widths = head.map((_, c) => Math.max(...rows.map((row) => row[c].length)));
  return rows.map((row) =>
    row.map((cell, c) => (c < 3 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join("  "),
  );
}
