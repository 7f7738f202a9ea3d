import {DuckDBConnection} from "@duckdb/node-api";
const log = new Map<string, {n:number,cpu:number}>();
let depth = 0;
for (const m of ["run","runAndReadAll"]) {
  const orig = DuckDBConnection.prototype[m];
  DuckDBConnection.prototype[m] = async function (sql, ...rest) {
    if (depth) return orig.call(this, sql, ...rest);
    depth++; const a = process.cpuUsage();
    try { return await orig.call(this, sql, ...rest); } finally { depth--; const u = process.cpuUsage(a); 
      const k = String(sql).replace(/\s+/g," ").replace(/part-[0-9a-f-]+/g,"P").replace(/2022-\d\d(-\d\d)?/g,"D");
      const dest = /TO '([^']*)' \(FORMAT/.exec(k); const key = dest ? "COPY "+dest[1] : k.slice(0,140);
      const e = log.get(key) ?? {n:0,cpu:0}; e.n++; e.cpu += (u.user+u.system)/1e6; log.set(key, e);
      if (process.env.SLOW && (u.user+u.system)/1e6 > Number(process.env.SLOW)) console.log(((u.user+u.system)/1e6).toFixed(2), k.slice(0,200)); }
  };
}
const {runPipeline} = await import("/work/main/pipelines/pipeline.ts");
import {rmSync} from "node:fs";
rmSync("/tmp/hx/lake", {recursive:true, force:true}); rmSync("/tmp/gen1/_arrivals.jsonl", {force:true});
const a = process.cpuUsage();
const r = await runPipeline({lake: "/tmp/hx/lake", landing: "/tmp/gen1"});
const u = process.cpuUsage(a);
console.log("total cpu", (u.user+u.system)/1e6, "wall", r.seconds, "rss", process.resourceUsage().maxRSS/1e3);
const all = [...log].sort((x,y)=>y[1].cpu-x[1].cpu);
for (const [k,e] of all.slice(0,22)) console.log(e.cpu.toFixed(2), e.n, k);
console.log("sql cpu", all.reduce((s,[,e])=>s+e.cpu,0), "statements", all.reduce((s,[,e])=>s+e.n,0));
for (const t of r.tables) console.log(t.table.padEnd(26), t.seconds.toFixed(2));
