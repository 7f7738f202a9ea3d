import {type BadFile, type BadRow, fileOfRows} from "./bad_file.js";

const list = "silver.record_reject";

const prices = fileOfRows(
  "prices/list.csv",
  list,
  {above: "bidding_zone,interval_start,interval_minutes,price_eur_mwh", good: "SE4,2025-03-30T01:00:00+01:00,60,-1.5"},
  [
    ["a price at a local time", "SE4,2025-03-30T02:00,60,2.5", "start without an offset: 2025-03-30T02:00"],
    ["a price on no day", "SE4,2025-03-32T02:00Z,60,2.5", "start unreadable: 2025-03-32T02:00Z"],
    ["a price of 20 minutes", "SE4,2025-03-30T04:00Z,20,2.5", "length not known: 20"],
    ["a price's hour at half past", "SE4,2025-03-30T04:30Z,60,2.5", "start not on the 60-minute grid"],
    ["a price of no zone", ",2025-03-30T05:00Z,60,2.5", "bidding zone missing"],
    ["an hour without a price", "SE4,2025-03-30T06:00Z,60,", "price missing"],
    ["a price in words", "SE4,2025-03-30T07:00Z,60,high", "price is no number: high"],
    ["a price at half a minute", "SE4,2025-03-30T08:00:30Z,60,2.5", "start not on the minute: 2025-03-30T08:00:30Z"],
    [
      "a price that no market allows",
      "SE4,2025-03-30T09:00Z,60,20000.5",
      "price beyond what a market allows: 20000.500000"
    ],
    ["a price of another age", "SE4,1925-03-30T09:00Z,60,2.5", "date outside 1970 to 2100"],
    [
      "an hour at two prices",
      "SE4,2025-03-30T10:00Z,60,2.5\nSE4,2025-03-30T10:00Z,60,3.5",
      "interval told twice in one file, at other prices"
    ]
  ]
);

const wholePeriod = "<start>2025-10-25T22:00Z</start><end>2025-10-26T02:00Z</end>";
const series = {
  zone: "10YLT-1001A0008Q",
  more: "",
  currency: "EUR",
  unit: "MWH",
  curve: "A01",
  period: wholePeriod,
  resolution: "PT60M",
  position: "1",
  price: "10"
};
const seriesText = (changed: Partial<typeof series>) => {
  const {zone, more, currency, unit, curve, period, resolution, position, price} = {...series, ...changed};
  return `<TimeSeries>${more}<in_Domain.mRID>${zone}</in_Domain.mRID><currency_Unit.name>${currency}</currency_Unit.name><price_Measure_Unit.name>${unit}</price_Measure_Unit.name><curveType>${curve}</curveType><Period><timeInterval>${period}</timeInterval><resolution>${resolution}</resolution><Point><position>${position}</position><price.amount>${price}</price.amount></Point></Period></TimeSeries>`;
};
const documents = fileOfRows(
  "prices/document.xml",
  list,
  {
    above: '<?xml version="1.0"?>\n<Publication_MarketDocument>',
    good: seriesText({}),
    below: "</Publication_MarketDocument>\n"
  },
  (
    [
      ["prices in crowns", {currency: "NOK"}, "currency is not EUR: NOK"],
      ["prices of a kWh", {unit: "KWH"}, "unit is not MWH: KWH"],
      ["prices of a day", {resolution: "P1D"}, "resolution not known: P1D"],
      ["a curve of overlapping blocks", {curve: "A04"}, "curve type not known: A04"],
      ["a position after its period", {position: "5"}, "position outside its period: 5"],
      ["a position in words", {position: "one"}, "position is no whole number: one"],
      ["a document's price in letters", {price: "n/e"}, "price is no number: n/e"],
      [
        "a period without its offset",
        {period: wholePeriod.replace("Z", "")},
        "period start unreadable, or without an offset: 2025-10-25T22:00"
      ],
      [
        "a period that ends in words",
        {period: wholePeriod.replace("2025-10-26T02:00Z", "noon")},
        "period end unreadable, or without an offset: noon"
      ],
      ["a document's prices of no zone", {zone: ""}, "bidding zone missing"],
      [
        "prices of the intraday market",
        {more: "<contract_MarketAgreement.type>A07</contract_MarketAgreement.type>"},
        "no day-ahead price: contract_MarketAgreement.type A07 (intraday)"
      ],
      [
        "prices of an explicit auction",
        {more: "<auction.type>A02</auction.type>"},
        "no price of the coupled market: auction.type A02 (explicit)"
      ],
      ["prices of no spot market", {more: "<businessType>A25</businessType>"}, "no spot price: businessType A25"],
      [
        "prices of a border",
        {more: "<out_Domain.mRID>10YPL-AREA-----S</out_Domain.mRID>"},
        "price of a border, not of a zone: 10YLT-1001A0008Q to 10YPL-AREA-----S"
      ],
      [
        "prices of another auction",
        {
          more: "<classificationSequence_AttributeInstanceComponent.position>2</classificationSequence_AttributeInstanceComponent.position>"
        },
        "of another auction: classificationSequence 2"
      ]
    ] as const
  ).map(([name, changed, reason]): BadRow<string> => [name, seriesText(changed), reason])
);

/** Prices of the market, as lists and as documents. */
export const pricesOfMarket: readonly BadFile[] = [prices, documents];
