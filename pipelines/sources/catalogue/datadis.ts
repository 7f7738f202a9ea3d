import type {KnownFormat} from "./known_format.js";

/** Hours from datadis.es, the platform of Spain's network operators, and from their own sites, which write the same columns. */
export const datadis: KnownFormat = {
  name: "datadis",
  title: "Datadis, Spain",
  namesMeter: "always",
  kinds: [
    {
      settings: {
        timeZone: "Europe/Madrid",
        decimalMark: ",",
        policy: "variable_length",
        fuel: "electricity",
        columns: {
          meter_id: "CUPS",
          label: {column: "Hora", hourOfDay: "Fecha"},
          resolution: {constant: "60min"},
          unit: {constant: "kWh"},
          quality: {
            column: ["Metodo_obtencion", "Método_obtención", "REAL/ESTIMADO"],
            values: {R: "measured", Real: "measured", E: "estimated", Estimada: "estimated", Estimado: "estimated"},
            optional: true
          }
        },
        layout: {
          measures: [
            {column: ["Consumo_kWh", "Consumo", "AE_kWh"], set: {channel: "import"}},
            {
              column: ["Energia_vertida_kWh", "Energía_vertida_kWh", "Excedentes_kWh", "AS_KWh"],
              set: {channel: "export"},
              optional: true
            },
            {column: ["Energia_generada_kWh", "Energía_generada_kWh"], set: {channel: "production"}, optional: true}
          ]
        }
      }
    }
  ]
};
