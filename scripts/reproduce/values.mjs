/** Differences between two JSON values: numbers within a tolerance, everything else exactly. */

/**
 * @typedef {object} Difference
 * @property {string} path       where, e.g. `y[17]`
 * @property {unknown} was
 * @property {unknown} is
 * @property {number} deviation  relative; Infinity where the values are not two numbers
 */

const isNumber = (value) => typeof value === "number";
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Relative deviation of two numbers; in an array, numbers a millionth of its largest count as that large. */
export function deviation(was, is, scale = 0) {
  if (was === is) return 0;
  return Math.abs(was - is) / Math.max(Math.abs(was), Math.abs(is), scale * 1e-6);
}

function largest(array) {
  return array.reduce((most, value) => (isNumber(value) ? Math.max(most, Math.abs(value)) : most), 0);
}

function compareArrays(was, is, tolerance, path) {
  if (was.length !== is.length) {
    return [
      { path, was: `${was.length} entries`, is: `${is.length} entries`, deviation: Number.POSITIVE_INFINITY },
    ];
  }
  const scale = Math.max(largest(was), largest(is));
  return was.flatMap((value, i) => differences(value, is[i], tolerance, `${path}[${i}]`, scale));
}

function compareObjects(was, is, tolerance, path) {
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
  return names.flatMap((name) =>
    differences(was[name], is[name], tolerance, path ? `${path}.${name}` : name),
  );
}

/**
 * Every place where two JSON values differ.
 * @returns {Difference[]}
 */
export function differences(was, is, tolerance, path = "", scale = 0) {
  if (isNumber(was) && isNumber(is)) {
    const off = deviation(was, is, scale);
    return off <= tolerance ? [] : [{ path, was, is, deviation: off }];
  }
  if (Array.isArray(was) && Array.isArray(is)) return compareArrays(was, is, tolerance, path);
  if (isObject(was) && isObject(is)) return compareObjects(was, is, tolerance, path);
  return Object.is(was, is) ? [] : [{ path, was, is, deviation: Number.POSITIVE_INFINITY }];
}

/** The difference that deviates most. */
export function worst(list) {
  return list.reduce((most, next) => (next.deviation > most.deviation ? next : most));
}

/** A value as it is put in a sentence. */
export function shown(value) {
  if (value === undefined) return "nothing";
  const text = typeof value === "string" ? `"${value}"` : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
