import {writeFileSync} from "node:fs";

// Preloaded into a process that is measured (`node --import`): what it used is written down when it exits, the
// memory of DuckDB, which works inside it, too.
const file = process.env.WATTLAKE_USAGE;
if (file) {
  process.on("exit", () => {
    const {maxRSS, userCPUTime, systemCPUTime} = process.resourceUsage();
    writeFileSync(file, JSON.stringify({peakBytes: maxRSS * 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6}));
  });
}
