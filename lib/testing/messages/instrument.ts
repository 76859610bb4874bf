/** The instruments that `instruments-info` tells of. */

import type { Listing } from "../listing.js";
import { decimal } from "./decimal.js";

type Fields = Record<string, unknown>;

/** A listing as an instrument of its category, with the fields that Bybit gives. */
export function instrument(listed: Listing): Fields {
  const { symbol, base, quote, category, decimals } = listed;
  const common = { symbol, status: "Trading", baseCoin: base, quoteCoin: quote };
  const tickSize = decimal(10 ** -decimals);
  return { ...common, ...(category === "spot" ? spot(tickSize) : contract(listed, tickSize)) };
}

function spot(tickSize: string): Fields {
  const amounts = {
    minOrderQty: "0.000001",
    maxOrderQty: "1000000",
    minOrderAmt: "1",
    maxOrderAmt: "2000000",
  };
  const lotSizeFilter = { basePrecision: "0.000001", quotePrecision: "0.00000001", ...amounts };
  return { innovation: "0", marginTrading: "both", stTag: "0", lotSizeFilter, priceFilter: { tickSize } };
}

function contract({ category, base, quote, decimals, series }: Listing, tickSize: string): Fields {
  const inverse = category === "inverse";
  const step = inverse ? "1" : "0.001";
  const most = { maxOrderQty: "1000000", maxMktOrderQty: "1000000", postOnlyMaxOrderQty: "1000000" };
  return {
    contractType: inverse ? "InversePerpetual" : "LinearPerpetual",
    settleCoin: inverse ? base : quote,
    launchTime: String(series[0]!.openTime[0]),
    deliveryTime: "0",
    deliveryFeeRate: "",
    priceScale: String(Math.max(decimals, 0)),
    leverageFilter: { minLeverage: "1", maxLeverage: "100.00", leverageStep: "0.01" },
    priceFilter: { minPrice: tickSize, maxPrice: "10000000", tickSize },
    lotSizeFilter: { ...most, minOrderQty: step, qtyStep: step, minNotionalValue: "5" },
    unifiedMarginTrade: true,
    fundingInterval: 480,
    copyTrading: "both",
    upperFundingRate: "0.00375",
    lowerFundingRate: "-0.00375",
  };
}
