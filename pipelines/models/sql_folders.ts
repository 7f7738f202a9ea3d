import {existsSync, readFileSync, realpathSync} from "node:fs";
import {dirname, join} from "node:path";
import {fileURLToPath} from "node:url";

/** The SQL of the program itself. */
export const programSql = fileURLToPath(new URL("../../sql", import.meta.url));

/**
 * The folders of SQL that a process reads by default: the program's, and that of the project that it runs in, if that is another. A
 * project is the nearest folder, from the current one upwards, whose `package.json` depends on wattlake.
 */
export function sqlFolders(from = process.cwd()): readonly string[] {
  const project = projectOf(from);
  const own = project === undefined ? undefined : join(project, "sql");
  return own !== undefined && existsSync(own) && realpathSync(own) !== realpathSync(programSql)
    ? [programSql, own]
    : [programSql];
}

function projectOf(folder: string): string | undefined {
  if (dependsOnWattlake(join(folder, "package.json"))) return folder;
  return dirname(folder) === folder ? undefined : projectOf(dirname(folder));
}

function dependsOnWattlake(file: string): boolean {
  try {
    const {dependencies, devDependencies} = JSON.parse(readFileSync(file, "utf8"));
    return "wattlake" in {...devDependencies, ...dependencies};
  } catch {
    return false;
  }
}
