/** The actions of a Delta log that matter here, as the protocol names them. */
export interface Protocol {
  readonly minReaderVersion: number;
  readonly minWriterVersion: number;
  readonly readerFeatures?: readonly string[];
  readonly writerFeatures?: readonly string[];
}

export interface Metadata {
  readonly id: string;
  readonly name?: string | null;
  readonly description?: string | null;
  readonly format: {readonly provider: string; readonly options: Readonly<Record<string, string>>};
  readonly schemaString: string;
  readonly partitionColumns: readonly string[];
  readonly configuration: Readonly<Record<string, string>>;
  readonly createdTime?: number | null;
}

export interface Add {
  /** A URI, relative to the table's folder. */
  readonly path: string;
  readonly partitionValues: Readonly<Record<string, string | null>>;
  readonly size: number;
  readonly modificationTime: number;
  readonly dataChange: boolean;
  /** JSON. */
  readonly stats?: string | null;
  readonly tags?: Readonly<Record<string, string>> | null;
  /** Which rows of the file don't count; not read here, and so a reason to refuse the table. */
  readonly deletionVector?: object | null;
}

export interface Remove {
  readonly path: string;
  readonly deletionTimestamp?: number | null;
  readonly dataChange: boolean;
  readonly extendedFileMetadata?: boolean;
  readonly partitionValues?: Readonly<Record<string, string | null>> | null;
  readonly size?: number | null;
}

export interface Transaction {
  readonly appId: string;
  readonly version: number;
  readonly lastUpdated?: number | null;
}

export type CommitInfo = Readonly<Record<string, unknown>> & {readonly timestamp?: number; readonly operation?: string};
