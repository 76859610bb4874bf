export { type Drawing, drawElsewhere, drawHere, serveDrawings } from "./elsewhere.js";
export { drawPng, drawSvg, type PictureSize } from "./picture.js";
