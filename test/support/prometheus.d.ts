declare module "parse-prometheus-text-format" {
  /** A family of metrics, its values as text. */
  interface Family {
    readonly name: string;
    readonly help: string;
    readonly type: string;
    readonly metrics: readonly {readonly value: string; readonly labels?: Readonly<Record<string, string>>}[];
  }
  export default function parse(text: string): Family[];
}
