export { fixed } from "../numbers.js";
export { type Check, check } from "./check.js";
export { type ClaimOptions, claim } from "./claim.js";
export { list } from "./list.js";
export { type BannerMarket, finding, marketBanner, notAsked, onlyWith } from "./otherBars.js";
export { type Progress, type ProgressOptions, progress } from "./progress.js";
export { interval, number, plusMinus, say } from "./say.js";
export { type ShowOptions, show } from "./show.js";
export { type FrameLike, formatTable, type Row, type TableOptions, table } from "./table.js";
