import {say} from "../../observe/terminal.js";
import {count, quantity} from "../../observe/text.js";
import {lakeCommand, some} from "../options.js";

export default lakeCommand("optimize", "Folds small files, and puts rows in the order of the table's key.")
  .argument("[tables...]", "their dotted names (default: all)")
  .action(async (tables: string[], {lake}: {lake: string}) => {
    const {optimizeLake} = await import("../../care.js");
    for (const {table, filesBefore, filesAfter, ordered} of await optimizeLake(lake, some(tables))) {
      const folded =
        filesBefore !== filesAfter ? [`${count(filesBefore, "file")} folded into ${quantity(filesAfter)}`] : [];
      const sorted = ordered > 0 ? [`${count(ordered, "file")} put in order`] : [];
      if (folded.length + sorted.length > 0) say(`${table}: ${[...folded, ...sorted].join(", ")}`);
    }
  });
