export { type TearSheetOptions, tearSheetFigure as tearSheet } from "./tearSheet.js";
