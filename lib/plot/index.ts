/**
 * Figures as plain Plotly JSON, and what shows them in a notebook: `show`, `table`, `say`, `check`, `progress`.
 *
 * Main types: `Figure`, `Check`.
 * @module
 * @example
 * const series = [{ name: "y = x²", x: [0, 1, 2], y: [0, 1, 4] }];
 * await plot.show(plot.line({ title: "A parabola", xTitle: "x", yTitle: "y", series }));
 */

export * from "./charts/index.js";
export { canonical, type Figure } from "./figure.js";
export * from "./notebook/index.js";
export { type PanelOptions, panels } from "./panels.js";
export * from "./reports/index.js";
export { SIZE } from "./theme.js";
export { type Thinnable, type Thinned, thin } from "./thin.js";
export type { TimeOptions } from "./time.js";
export { TIME_AXIS } from "./time.js";
