import {eraseCustomer} from "../../pipelines/erasure/erase.js";

/** An erasure in a process of its own, to be killed: `erase_child.ts OPTIONS ORDER`, both as JSON. */
const [options, order] = process.argv.slice(2).map((text) => JSON.parse(text));
await eraseCustomer(options, order);
