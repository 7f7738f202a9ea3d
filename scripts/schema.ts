import {writeFile} from "node:fs/promises";
import {sourcesJsonSchema} from "../pipelines/sources/source_schema.js";

await writeFile(
  new URL("../docs/sources.schema.json", import.meta.url),
  `${JSON.stringify(sourcesJsonSchema(), null, 2)}\n`
);
