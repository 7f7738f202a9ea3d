import {writeFile} from "node:fs/promises";
import {describeTables} from "../pipelines/describe/description.js";
import {tablesDocument} from "../pipelines/describe/document.js";
import {openDuckDB} from "../pipelines/engines/duckdb.js";
import {openProject} from "../pipelines/models/project.js";

const file = new URL("../docs/tables.md", import.meta.url);

const database = await openDuckDB();
try {
  await writeFile(file, tablesDocument(await describeTables(database, await openProject(database))));
} finally {
  database.close();
}
