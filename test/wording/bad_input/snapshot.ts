import type {Snapshot} from "../../../scripts/generate/smart_meter/supply.js";
import {type BadFile, kindsOf} from "./bad_file.js";

type Agreement = Snapshot["agreements"][number];

const agreement = (id: number | string, meter: string, from: string, to: string | null, product = "VAR") =>
  ({
    ...{agreement_id: id, agreement_valid_from: from, agreement_valid_to: to},
    ...{product_id: product, meterpoint_id: meter, account_id: "x"}
  }) as Agreement;

/** What a supplier's database holds: a good agreement of the first meter, and one bad of each of the others. */
export const snapshot: Omit<Snapshot, "path"> = {
  agreements: [
    agreement(1, "p1", "2020-01-01", null),
    agreement(2, "p2", "2021-01-01", "2020-12-01"),
    agreement(3, "p3", "spring", null),
    agreement(4, "p4", "2020-01-01", "autumn"),
    agreement(5, "p5", "2020-01-01", "2020-01-01"),
    agreement("x", "p6", "2020-01-01", null),
    agreement(7, "", "2020-01-01", null),
    agreement(8, "p8", "2020-01-01", null),
    agreement(9, "p8", "2021-01-01", null),
    agreement(10, "p10", "2020-01-01", null, "GONE"),
    agreement(11, "gone", "2020-01-01", null)
  ],
  products: [{display_name: "Variable", is_variable: 1, id: 1, product_id: "VAR"}],
  meterpoints: ["", ...[1, 2, 3, 4, 5, 6, 8, 10].map((number) => `p${number}`)].map((meterpoint_id) => ({
    region: "North",
    meterpoint_id
  }))
};

/** Agreements that apply on no day, or of something that the supplier doesn't have. */
export const agreements: BadFile = {
  path: "smart-meter/supply.db",
  kinds: kindsOf("quality.agreement_problem", [
    ["an agreement that ends before it starts", 2, "ends before it starts"],
    ["an agreement from a day in words", 3, "start unreadable: spring"],
    ["an agreement to a day in words", 4, "end unreadable: autumn"],
    ["an agreement of no days", 5, "zero length"],
    ["an agreement's number in letters", 6, "agreement id unreadable: x"],
    ["an agreement of no meter", 7, "meter missing"],
    ["agreements that overlap", 8, "overlap"],
    ["an agreement on a product that there isn't", 10, "product unknown"],
    ["an agreement of a meter that there isn't", 11, "meter point unknown"]
  ]),
  hasGood: true
};
