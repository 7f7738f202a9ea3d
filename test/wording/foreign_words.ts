/** Words of an engine, a system or a parser, which no sentence for a person has. */
export const foreignWords =
  /\b\w*Error\b|\b(?:Binder|Parser|Catalog|Conversion|Invalid Input|Exception|INTERNAL)\b|\bLINE \d|\bE(?!XCEPT|XCLUDE)[A-Z]{4,}\b|\bERR_|'the file'|read_(?:csv|json|parquet|text|blob)|sniff|auto_detect|ignore_errors|strict_mode|null_padding|maximum_object_size|\[object|\bundefined\b|\bNaN\b|node:|\.ts:|\.js:|\s{2}|\n/;
