import {Command} from "commander";
import {runCommand} from "../pipelines/command.js";
import {cityCommand} from "./generate/city.js";
import {eliqCommand} from "./generate/eliq.js";
import {interruptionsCommand} from "./generate/interruptions.js";
import {pricesCommand} from "./generate/prices.js";
import {smartMeterCommand} from "./generate/smart_meter.js";
import {telemetryCommand} from "./generate/telemetry.js";

await runCommand(
  new Command("generate")
    .description("Writes made-up data, the same for the same seed, to land in a lake.")
    .addCommand(cityCommand())
    .addCommand(eliqCommand())
    .addCommand(interruptionsCommand())
    .addCommand(pricesCommand())
    .addCommand(smartMeterCommand())
    .addCommand(telemetryCommand())
);
