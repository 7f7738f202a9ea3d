import {Command} from "commander";
import {say} from "../../observe/terminal.js";

export default new Command("describe")
  .description("Describes a table, built or not: its columns, key and checks, its inputs, and the tables made from it.")
  .argument("<table>", "its dotted name")
  .option("--json", "print JSON, for machines")
  .allowExcessArguments(false)
  .action(async (table: string, {json = false}: {json?: boolean}) => {
    const {described, describeTables} = await import("../../describe/description.js");
    const {openDuckDB} = await import("../../engines/duckdb.js");
    const {openProject} = await import("../../models/project.js");
    const {describeText} = await import("../../observe/describe_report.js");
    const database = await openDuckDB();
    try {
      const description = described(await describeTables(database, await openProject(database)), table);
      say(json ? JSON.stringify(description, null, 2) : describeText(description));
    } finally {
      database.close();
    }
  });
