import {listed} from "../models/header.js";
import type {Model} from "../models/model.js";
import type {Source} from "../sources/source.js";

/** How rows name their customer, in any table: by `client_id`, and by the columns that the headers of Bronze models list. */
export interface Identities {
  /** The sources, some of which name the client of all their rows. */
  readonly sources: readonly Source[];
  /** Columns that hold a meter's or a device's id: `-- meter: ext_dev_ref`. */
  readonly meters: readonly string[];
  /** Columns that hold the id of a location or a site: `-- location: site_id`. */
  readonly locations: readonly string[];
  /** Columns of Bronze that hold a record as it came where no id could be read from it: `-- unread: line`. */
  readonly records: readonly string[];
}

/** The columns that Bronze models declare. Tables made from them carry these columns under the same names. */
export function identitiesOf(models: ReadonlyMap<string, Model>, sources: readonly Source[]): Identities {
  const columns = (key: string) => {
    const names = [...models.values()].flatMap(({extra}) => listed(extra[key]));
    return [...new Set(names)];
  };
  return {sources, meters: columns("meter"), locations: columns("location"), records: columns("unread")};
}

/** The columns of a table by which rows name a meter or a location; none where they do not. */
export function idColumns(columns: readonly string[], {meters, locations}: Identities): string[] {
  return columns.filter((name) => meters.includes(name) || locations.includes(name));
}
