import type {KnownFormat} from "./known_format.js";

/** Who the file is of stands above its header, in a table of one row or beside its name. */
const meter = {above: ["Identifiant PRM", "PRM", "Numéro de PRM", "N° PRM", "Point de livraison"]} as const;

/**
 * Load curves from Enedis, France: mean power at the end of intervals whose length may vary, with an offset; or, newer, from start to end
 * in local time.
 */
export const enedis: KnownFormat = {
  name: "enedis",
  title: "Enedis, France",
  namesMeter: "sometimes",
  kinds: [
    {
      settings: {
        timeZone: "Europe/Paris",
        policy: "label_offset",
        labelAt: "end",
        fuel: "electricity",
        channel: "import",
        unit: "W",
        columns: {
          meter_id: meter,
          label: "Horodate",
          resolution: {column: "Horodate", step: true},
          value: "Valeur",
          unit: {above: ["Unite", "Unité"], values: {W: "W", kW: "kW"}},
          channel: {
            above: ["Grandeur metier", "Grandeur métier"],
            values: {Consommation: "import", CONS: "import", Production: "export", Injection: "export", PROD: "export"}
          },
          problem: {
            above: "Grandeur physique",
            values: {"Energie active": null, "Énergie active": null, "Puissance active": null, EA: null, PA: null}
          }
        },
        preamble: ["Identifiant PRM\\b.*", '"?\\d{14}"?;.*', "[;\\s]*"]
      }
    },
    {
      suffix: "kw",
      settings: {
        timeZone: "Europe/Paris",
        policy: "label_in_order",
        timeFormat: "day_first",
        fuel: "electricity",
        channel: "import",
        unit: "kW",
        columns: {meter_id: meter, start: ["Début", "Debut"], end: "Fin", value: ["Valeur (en kW)", "Valeur (kW)"]},
        // What is asked for and of whom, in lines without a time of day.
        preamble: ["(?!.*\\d:\\d\\d).*"]
      }
    }
  ]
};
