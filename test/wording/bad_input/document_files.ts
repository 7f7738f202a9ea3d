import {type BadFile, wholeFile} from "./bad_file.js";
import {beyond, long, nested} from "./limits.js";

const document = (text: string) =>
  `<?xml version="1.0"?><Publication_MarketDocument>${text}</Publication_MarketDocument>`;
const columns = ["interval_start", "consumption_delta", "meterpoint_id"];
const meterRow = ["2022-03-01 00:00:00", 0.5, "m"];

/** Documents and databases that are refused whole. Good ones of the same kinds lie beside them. */
export const documentFiles: readonly BadFile[] = (
  [
    [
      "JSON that breaks off",
      "smart-meter/torn.json",
      JSON.stringify({columns, data: [meterRow]}).slice(0, -9),
      "not readable: its JSON breaks off"
    ],
    [
      "a table in place of JSON",
      "smart-meter/table.json",
      "a,b\n1,2\n",
      "not readable: it is no JSON: something stands at byte 1 that can't stand there"
    ],
    [
      "JSON in UTF-16",
      "smart-meter/utf16.json",
      Buffer.from(`\uFEFF${JSON.stringify({columns, data: [meterRow]})}`, "utf16le"),
      "not readable: the text is not UTF-8 throughout; save the file as UTF-8"
    ],
    [
      "two objects of JSON in place of one",
      "smart-meter/two.json",
      JSON.stringify({columns, data: [meterRow]}).repeat(2),
      "not readable: 2 JSON objects, not one"
    ],
    ["JSON without its rows", "smart-meter/rowless.json", JSON.stringify({columns}), "not readable: no 'data' in it"],
    [
      "JSON without its columns",
      "smart-meter/columnless.json",
      JSON.stringify({data: [meterRow]}),
      "not readable: no 'columns' in it"
    ],
    [
      "JSON of a row too short",
      "smart-meter/short.json",
      JSON.stringify({columns, data: [meterRow, [1]]}),
      "not readable: row 2 has not as many values as there are columns"
    ],
    [
      "JSON of a column twice",
      "smart-meter/twice.json",
      JSON.stringify({columns: [...columns, columns[0]], data: []}),
      "not readable: column interval_start stands twice"
    ],
    [
      "JSON without a column that is asked for",
      "smart-meter/missing.json",
      JSON.stringify({columns: columns.slice(1), data: []}),
      "column interval_start is missing"
    ],
    [
      "JSON that is nested too deep",
      "smart-meter/nested.json",
      `{"columns": ["a"], "data": [${nested(300)}]}`,
      beyond("not readable: a value in it is nested too deep", "depth")
    ],
    [
      "half a character in JSON",
      "homes/half.json",
      '{"client_id": "\\ud800", "location_id": "x"}',
      "not readable: its JSON has half a character at byte 22"
    ],
    [
      "a document with a text without its quotes",
      "homes/bare.json",
      '{"client_id": x}',
      "not readable: it is no JSON: something stands at byte 15 that can't stand there"
    ],
    [
      "a document in too long a line",
      "homes/long.jsonl",
      `{"a": "${long}"}\n`,
      beyond("not readable: line 1 is too long", "elementMiB")
    ],
    ["a database cut off", "smart-meter/torn.db", undefined, "not readable: the file is cut off: 9000 of 16384 bytes"],
    [
      "a database that is text",
      "smart-meter/text.db",
      `SQLite, or so it says. ${"x".repeat(200)}`,
      "not readable: it is no SQLite database"
    ],
    [
      "a database that is damaged within",
      "smart-meter/damaged.db",
      undefined,
      "not readable: its SQLite database is damaged; copy it again"
    ],
    [
      "a database without one of its tables",
      "smart-meter/tableless.db",
      undefined,
      "not readable: table product is missing"
    ],
    [
      "a database with a value that is too long",
      "smart-meter/value.db",
      undefined,
      beyond("not readable: row 1 has too long a value of display_name", "elementMiB")
    ],
    [
      "an answer that refuses",
      "weather/refused.json",
      '{"error": true, "reason": "too many requests"}',
      "not readable: the service refused: too many requests"
    ],
    [
      "an answer without times",
      "weather/timeless.json",
      '{"latitude": 1, "longitude": 2, "hourly": {"temperature_2m": [1]}}',
      "not readable: no array hourly.time in it"
    ],
    [
      "an answer of fewer values than times",
      "weather/uneven.json",
      '{"latitude": 1, "longitude": 2, "utc_offset_seconds": 0, "hourly": {"time": ["2022-01-01T00:00"], "temperature_2m": []}}',
      "not readable: hourly.temperature_2m has not as many values as there are times"
    ],
    [
      "XML that breaks off",
      "prices/torn.xml",
      document("<TimeSeries>").slice(0, -30),
      "not readable: line 1: the element Publication_MarketDocument is never closed"
    ],
    [
      "XML of another document",
      "prices/other.xml",
      "<html><body/></html>",
      "not readable: a html, no Publication_MarketDocument"
    ],
    [
      "XML in which the service refuses",
      "prices/refused.xml",
      "<Acknowledgement_MarketDocument><Reason><text>No matching data found</text></Reason></Acknowledgement_MarketDocument>",
      "not readable: the service refused: No matching data found"
    ],
    [
      "XML with text outside of it",
      "prices/outside.xml",
      `${document("")} and more`,
      "not readable: line 1: text stands outside of the document's element"
    ],
    [
      "XML with an element closed that wasn't opened",
      "prices/closed.xml",
      document("</a>"),
      "not readable: line 1: an element is closed that wasn't opened"
    ],
    [
      "XML with an entity of its own",
      "prices/entity.xml",
      '<!DOCTYPE a [<!ENTITY b "&b;&b;">]><a>&b;</a>',
      "not readable: line 1: an entity stands there that XML itself doesn't have; write its text in its place"
    ],
    [
      "XML with a character that it forbids",
      "prices/character.xml",
      document("<mRID>\u0001</mRID>"),
      "not readable: line 1: a character stands there that XML forbids"
    ],
    [
      "XML that is nested too deep",
      "prices/nested.xml",
      document("<a>".repeat(300) + "</a>".repeat(300)),
      beyond("not readable: line 1: elements are nested too deep", "depth")
    ],
    [
      "XML with an element that is too long",
      "prices/long.xml",
      document(`<mRID>${long}</mRID>`),
      beyond("not readable: line 1: an element is too long", "elementMiB")
    ],
    [
      "XML that is too large to hold",
      "prices/large.xml",
      document("<a></a>".repeat(90_000)),
      beyond("not readable: it is too large to be held in memory whole", "documentMiB")
    ],
    [
      "XML without an element",
      "prices/bare.xml",
      '<?xml version="1.0"?>\n',
      "not readable: line 2: there is no element in it"
    ]
  ] as const
).map(([name, path, content, reason]) => wholeFile(name, path, content, reason));
