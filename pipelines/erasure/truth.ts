import {rename, rm} from "node:fs/promises";
import {join} from "node:path";
import {type Connection, literal} from "../engines/duckdb.js";
import {type Customer, isOfCustomer} from "./customer.js";
import {filesUnder, parquetOf} from "./files.js";
import {type Identities, idColumns} from "./identity.js";

const draftEnding = ".erasing";

/**
 * Removes the customer's rows from the Parquet files in the lake's `truth` folder, where `generate` records what its
 * homes are made of. Each file is replaced whole, so that a killed process can start again.
 */
export async function eraseTruth(
  database: Connection,
  lake: string,
  customer: Customer,
  identities: Identities
): Promise<void> {
  for (const file of await filesUnder(join(lake, "truth"))) {
    if (file.endsWith(draftEnding)) await rm(file, {force: true});
    if (!file.endsWith(".parquet")) continue;
    const rows = `SELECT * FROM ${parquetOf([file])}`;
    const described = await database.rows<{column_name: string}>(`DESCRIBE ${rows}`);
    const columns = described.map(({column_name}) => column_name);
    if (idColumns(columns, identities).length === 0) continue;
    const own = isOfCustomer(customer, columns, identities);
    const [count] = await database.rows<{all: bigint; own: bigint}>(
      `SELECT count(*) AS "all", count(*) FILTER (WHERE ${own}) AS own FROM (${rows})`
    );
    if (count!.own === 0n) continue;
    if (count!.own < count!.all) {
      const draft = file + draftEnding;
      await database.run(
        `COPY (${rows} WHERE (${own}) IS NOT TRUE) TO ${literal(draft)} (FORMAT parquet, COMPRESSION zstd)`
      );
      await rename(draft, file);
    } else await rm(file);
  }
}
