import {DateTime} from "luxon";
import {type Feed, glimpse, questionsIn} from "./feed.js";
import type {Zone} from "./places.js";
import {partAddress, withParameters} from "./secret.js";

/** The service's own address. */
export const entsoeAddress = "https://web-api.tp.entsoe.eu/api";

/** Whose midnights a day of the European day-ahead market lies between, in whatever country the zone is. */
const marketZone = "Europe/Brussels";

/**
 * Day-ahead prices of bidding zones, a day of the market a request, from ENTSO-E's transparency platform (document A44,
 * https://transparencyplatform.zendesk.com/hc/en-us/articles/15692855254548). The token goes into the address that is
 * asked, and nowhere else.
 */
export function priceFeed(zones: readonly Pick<Zone, "eic">[], token: string, base = entsoeAddress): Feed {
  const {open, secret} = partAddress(base);
  const secrets = [...secret, ["securityToken", token] as const];
  return {
    source: "prices",
    extension: ".xml",
    places: zones.map(({eic}) => eic),
    settledAfterDays: 0,
    requests: (place, days) =>
      days.map((day) => {
        const address = new URL(open);
        const start = DateTime.fromISO(day, {zone: marketZone});
        const [periodStart, periodEnd] = [start, start.plus({days: 1})].map((at) =>
          at.toUTC().toFormat("yyyyMMddHHmm")
        ) as [string, string];
        // Without the type of contract the answer has the intraday auctions too.
        const asked = {
          documentType: "A44",
          "contract_MarketAgreement.type": "A01",
          in_Domain: place,
          out_Domain: place,
          periodStart,
          periodEnd
        };
        for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
        return {place, from: day, to: day, address};
      }),
    requestOf(name) {
      const asked = questionsIn(name);
      if (asked?.get("documentType") !== "A44") return undefined;
      const start = DateTime.fromFormat(asked.get("periodStart") ?? "", "yyyyMMddHHmm", {zone: "utc"});
      const day = start.setZone(marketZone).toISODate();
      return day === null ? undefined : {place: asked.get("in_Domain") ?? "", from: day, to: day};
    },
    secrets: secrets.map(([, value]) => value),
    secretly: (address) => withParameters(address, secrets),
    judge({status, body}) {
      const text = body.toString("utf8");
      const [, root] = /^\uFEFF?\s*(?:<[?!][^>]*>\s*)*<(?:\w+:)?(\w+)/.exec(text) ?? [];
      if (root === "Acknowledgement_MarketDocument") {
        const reason = /<(?:\w+:)?text>([^<]*)</.exec(text)?.[1]?.trim() ?? glimpse(body);
        return {kind: /no matching data/i.test(reason) ? "none" : "refused", reason: `the service says: ${reason}`};
      }
      if (status !== 200) return {kind: "refused", reason: `HTTP ${status}: ${glimpse(body)}`};
      if (root !== "Publication_MarketDocument")
        return {kind: "broken", reason: `the answer is no Publication_MarketDocument: ${glimpse(body)}`};
      if (!/<\/(?:\w+:)?Publication_MarketDocument\s*>\s*$/.test(text))
        return {kind: "broken", reason: "the answer is cut short"};
      if (!/<(?:\w+:)?TimeSeries[\s>]/.test(text)) return {kind: "none", reason: "no time series in the answer"};
      return {kind: "good"};
    }
  };
}
