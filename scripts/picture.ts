import {writeFile} from "node:fs/promises";
import * as Plot from "@observablehq/plot";
import {openLake} from "../pipelines/index.js";
import {drawChart} from "../pipelines/notebook/chart.js";

/** Draws README's picture from the lake that `npm run pipeline` built: the hours of the two odd days, as they were. */
const lake = await openLake();
const hours = await lake.query(`
  SELECT
    CAST(local_date AS VARCHAR) AS day,
    local_hour AS hour,
    row_number() OVER (PARTITION BY local_date ORDER BY interval_start) AS place,
    strftime(interval_start, '%H:%M') AS utc,
    quality
  FROM silver.reading
  WHERE local_date IN (DATE '2022-03-26', DATE '2022-03-27', DATE '2022-10-30')
  ORDER BY interval_start`);
const counts = new Map(hours.map(({day, place}) => [day, place]));
const names = new Map([
  ["2022-03-26", "26 March"],
  ["2022-03-27", "27 March"],
  ["2022-10-30", "30 October"]
]);
const picture = drawChart({
  title: "Every hour at its instant, on the days that the clock changes, too",
  subtitle: "One cell an hour of real time, named by the clock in Vilnius; 100 Wh each",
  description: "26 March has 24 hours. 27 March has 23: none is called 3. 30 October has 25: two are called 3.",
  width: 860,
  height: 190,
  marginLeft: 110,
  marginRight: 10,
  x: {axis: null, domain: Array.from({length: 25}, (_, index) => index + 1)},
  y: {type: "band", label: null, tickFormat: (day: string) => `${names.get(day)}: ${counts.get(day)} h`, tickSize: 0},
  marks: [
    Plot.cell(hours, {
      x: "place",
      y: "day",
      fill: (row) => (row.quality === "split" ? 1 : 0),
      fillOpacity: 0.35,
      inset: 1.5,
      rx: 3
    }),
    Plot.text(hours, {x: "place", y: "day", text: (row) => String(row.hour), fontWeight: 600})
  ],
  color: {type: "categorical", domain: [0, 1]}
});
await writeFile("docs/dst-days.svg", picture);
await lake.close();
