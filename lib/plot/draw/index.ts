export { drawPng, drawSvg, type PictureSize } from "./picture.js";
