export { tearSheetFigure as tearSheet } from "./tearSheet.js";
export type { TearSheetOptions } from "./tearSheetTypes.js";
