/** Numbers as an exchange writes them. */

/** The shortest decimal text that reads back as `value`, never with an exponent. */
export function decimal(value: number): string {
  const text = String(value);
  if (!text.includes("e")) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = /^(-?)(\d)\.?(\d*)e([+-]\d+)$/.exec(text)!;
  const digits = whole + fraction;
  const point = 1 + Number(exponent);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, "0");
}
