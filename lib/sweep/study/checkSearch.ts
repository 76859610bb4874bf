/** What a schema of a study's shape cannot see: whether its settings are those of its model, and its rungs before its end. */
import { settingNames, settingSchema, wholeSettings } from "./settings.js";
import type { Draw, Study } from "./types.js";

/** @throws RangeError naming the path of what cannot be. */
export function checkSearch(study: Study): void {
  for (const [name, value] of Object.entries(study.settings))
    checkValue(study, name, value, `settings.${name}`);
  if ("grid" in study.search)
    for (const [name, values] of Object.entries(study.search.grid)) {
      checkFree(study, name, `search.grid.${name}`);
      values.forEach((value, i) => {
        checkValue(study, name, value, `search.grid.${name}.${i}`);
      });
    }
  else
    for (const [name, draw] of Object.entries(study.search.random.over)) {
      const path = `search.random.over.${name}`;
      checkFree(study, name, path);
      checkDraw(study, name, draw, path);
    }
  checkRungs(study);
}

function checkFree({ settings }: Study, name: string, path: string): void {
  if (Object.hasOwn(settings, name))
    throw new RangeError(`study: ${path}: expected a setting that is not fixed under settings too`);
}

function checkValue({ model }: Study, name: string, value: unknown, path: string): void {
  const schema = settingSchema(model, name);
  if (!schema)
    throw new RangeError(
      `study: ${path}: expected a setting of ${model}, one of ${settingNames(model).join(", ")}`,
    );
  const read = schema.safeParse(value);
  if (read.success) return;
  const { message, path: inner } = read.error.issues[0]!;
  const place = [path, ...inner.map(String)].join(".");
  throw new RangeError(
    `study: ${place}: ${message.replace(/^Invalid input: /, "")}, got ${JSON.stringify(value)}`,
  );
}

function checkDraw(study: Study, name: string, draw: Draw, path: string): void {
  if ("among" in draw) {
    draw.among.forEach((value, i) => {
      checkValue(study, name, value, `${path}.among.${i}`);
    });
    return;
  }
  checkValue(study, name, draw.from, `${path}.from`);
  checkValue(study, name, draw.to, `${path}.to`);
}

function checkRungs({ model, settings, search, stopping }: Study): void {
  if (!stopping) return;
  const searched = "grid" in search ? search.grid : search.random.over;
  if (Object.hasOwn(searched, "epochs"))
    throw new RangeError("study: stopping: expected a fixed number of epochs, got a search over epochs");
  const last = wholeSettings(model, settings).epochs as number;
  stopping.epochs.forEach((epochs, i) => {
    const before = stopping.epochs[i - 1] ?? 0;
    if (!(epochs > before && epochs < last))
      throw new RangeError(
        `study: stopping.epochs.${i}: expected more than ${before} and less than the ${last} of settings.epochs, got ${epochs}`,
      );
  });
}
