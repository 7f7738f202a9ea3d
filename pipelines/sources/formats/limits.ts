/** How much of one file is read, so that no file takes up a whole machine. */
export const limits = {
  /** Columns of a table. */
  columns: 4096,
  /** Bytes of one line, record or element. */
  elementBytes: 16 * 1024 * 1024,
  /** Levels of lists and objects within each other. */
  depth: 200,
  /** Bytes of a file once it is decompressed. */
  decodedBytes: 8 * 1024 ** 3
};
