/** Scalar functions, aggregates and macros of the engine that SQL from outside may call, by theme. */
const called: Readonly<Record<string, string>> = {
  operators: `
    !__postfix !~~ !~~* % & && * ** + - ->> / // <-> << <=> <@ >> @ @> ^ ^@ | || ~ ~~ ~~* ~~~ add subtract multiply
    divide mod xor fdiv fmod ilike_escape like_escape not_ilike_escape not_like_escape`,
  numbers: `
    abs acos acosh asin asinh atan atan2 atanh bin bit_count bit_length bit_position bitstring cbrt ceil ceiling cos
    cosh cot degrees even exp factorial floor from_binary from_hex gamma gcd get_bit greatest greatest_common_divisor
    hex isfinite isinf isnan lcm least least_common_multiple lgamma ln log log10 log2 nextafter pi pow power radians
    random round round_even roundbankers set_bit sign signbit sin sinh sqrt tan tanh to_base to_binary to_hex trunc
    unbin unhex`,
  texts: `
    array_to_string array_to_string_comma_default ascii bar base64 char_length character_length chr concat concat_ws
    contains damerau_levenshtein decode editdist3 encode ends_with format format_bytes formatreadabledecimalsize
    formatreadablesize from_base64 hamming instr jaccard jaro_similarity jaro_winkler_similarity lcase left
    left_grapheme len length length_grapheme levenshtein lower lpad ltrim mismatches nfc_normalize octet_length ord
    parse_dirname parse_dirpath parse_filename parse_formatted_bytes parse_path pg_size_pretty position prefix printf
    regexp_escape regexp_extract regexp_extract_all regexp_full_match regexp_matches regexp_replace
    regexp_split_to_array regexp_split_to_table repeat replace reverse right right_grapheme rpad rtrim split
    split_part starts_with str_split str_split_regex string_split string_split_regex string_to_array strip_accents
    strlen strpos substr substring substring_grapheme suffix to_base64 translate trim ucase unicode upper url_decode
    url_encode`,
  times: `
    age ago century current_date current_localtime current_localtimestamp date_add date_diff date_part date_sub
    date_trunc datediff datepart datesub datetrunc day dayname dayofmonth dayofweek dayofyear days_in_month decade
    epoch epoch_ms epoch_ns epoch_us era get_current_time get_current_timestamp hour isodow isoyear julian last_day
    make_date make_time make_timestamp make_timestamp_ms make_timestamp_ns make_timestamptz microsecond millennium
    millisecond minute month monthname nanosecond normalized_interval now quarter second strftime strptime time_bucket
    timezone timezone_hour timezone_minute to_centuries to_days to_decades to_hours to_microseconds to_millennia
    to_milliseconds to_minutes to_months to_quarters to_seconds to_timestamp to_weeks to_years today
    transaction_timestamp try_strptime week weekday weekofyear year yearweek`,
  lists: `
    aggregate apply array_aggr array_aggregate array_append array_apply array_cat array_concat array_contains
    array_cosine_distance array_cosine_similarity array_cross_product array_distance array_distinct array_dot_product
    array_extract array_filter array_grade_up array_has array_has_all array_has_any array_indexof array_inner_product
    array_intersect array_length array_negative_dot_product array_negative_inner_product array_pop_back
    array_pop_front array_position array_prepend array_push_back array_push_front array_reduce array_resize
    array_reverse array_reverse_sort array_select array_slice array_sort array_transform array_unique array_value
    array_where array_zip filter flatten generate_series generate_subscripts grade_up list_aggr list_aggregate
    list_any_value list_append list_apply list_approx_count_distinct list_avg list_bit_and list_bit_or list_bit_xor
    list_bool_and list_bool_or list_cat list_concat list_contains list_cosine_distance list_cosine_similarity
    list_count list_distance list_distinct list_dot_product list_element list_entropy list_extract list_filter
    list_first list_grade_up list_has list_has_all list_has_any list_histogram list_indexof list_inner_product
    list_intersect list_kurtosis list_kurtosis_pop list_last list_mad list_max list_median list_min list_mode
    list_negative_dot_product list_negative_inner_product list_pack list_position list_prepend list_product
    list_reduce list_resize list_reverse list_reverse_sort list_select list_sem list_skewness list_slice list_sort
    list_stddev_pop list_stddev_samp list_string_agg list_sum list_transform list_unique list_value list_var_pop
    list_var_samp list_where list_zip range reduce unnest unpivot_list`,
  structures: `
    cardinality element_at map map_concat map_contains map_contains_entry map_contains_value map_entries map_extract
    map_extract_value map_from_entries map_keys map_values row struct_concat struct_contains struct_extract
    struct_extract_at struct_has struct_indexof struct_insert struct_keys struct_pack struct_position struct_update
    struct_values union_extract union_tag union_value variant_extract variant_typeof`,
  json: `
    array_to_json from_json from_json_strict json json_array json_array_length json_contains json_exists json_extract
    json_extract_path json_extract_path_text json_extract_string json_group_array json_group_object
    json_group_structure json_keys json_merge_patch json_object json_pretty json_quote json_structure json_transform
    json_transform_strict json_type json_valid json_value row_to_json to_json`,
  shapes: `
    st_asbinary st_astext st_aswkb st_aswkt st_crs st_geomfromwkb st_intersects_extent st_setcrs`,
  digests: `
    gen_random_uuid hash md5 md5_number md5_number_lower md5_number_upper sha1 sha256 uuid uuid_extract_timestamp
    uuid_extract_version uuidv4 uuidv7`,
  types: `
    alias can_cast_implicitly cast_to_type enum_code enum_first enum_last enum_range enum_range_boundary get_type
    make_type nullif pg_typeof replace_type switch typeof`,
  aggregates: `
    any_value approx_count_distinct approx_quantile approx_top_k arbitrary arg_max arg_max_null arg_max_nulls_last
    arg_min arg_min_null arg_min_nulls_last argmax argmin array_agg avg bit_and bit_or bit_xor bitstring_agg bool_and
    bool_or corr count count_if count_star countif covar_pop covar_samp entropy equi_width_bins favg first fsum geomean
    geometric_mean group_concat histogram histogram_exact is_histogram_other_bin kahan_sum kurtosis kurtosis_pop last
    list listagg mad max max_by mean median min min_by mode product quantile quantile_cont quantile_disc regr_avgx
    regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy reservoir_quantile sem skewness
    stddev stddev_pop stddev_samp string_agg sum sum_no_overflow sumkahan var_pop var_samp variance wavg weighted_avg`,
  windows: `
    cume_dist dense_rank fill first_value lag last_value lead nth_value ntile percent_rank rank rank_dense row_number`
};

/** Table functions that make their rows from their arguments alone. */
const madeOfArguments = "generate_series json_each json_tree range repeat repeat_row unnest";

/** Table functions that read files, for those whose machine it is. */
const ofFiles = `
  glob parquet_bloom_probe parquet_file_metadata parquet_full_metadata parquet_kv_metadata parquet_metadata parquet_scan
  parquet_schema read_blob read_csv read_csv_auto read_json read_json_auto read_json_objects read_json_objects_auto
  read_ndjson read_ndjson_auto read_ndjson_objects read_parquet read_text sniff_csv`;

/** Why a function is refused, and which are for that reason: names, or beginnings of names with `*` behind. */
const refused: Readonly<Record<string, string>> = {
  "it runs SQL that a text holds": `
    check_peg_parser histogram histogram_values json_deserialize_sql json_execute_serialized_sql json_serialize_plan
    json_serialize_sql pg_get_constraintdef pg_get_expr pg_get_viewdef query query_table sql_auto_complete summary`,
  "it opens a database or a place in memory": "arrow_scan arrow_scan_dumb read_duckdb seq_scan",
  "it shows what the engine knows of itself": `
    current_catalog current_connection_id current_database current_query current_query_id current_role current_schema
    current_schemas current_setting current_transaction_id current_user currval duckdb_* format_pg_type format_type
    get_block_size getenv getvariable has_* icu_calendar_names in_search_path inet_* map_to_pg_oid obj_description
    col_description shobj_description parse_duckdb_log_message pg_* pragma_* session_user stats test_all_types
    test_vector_types txid_current user vector_type version which_secret`,
  "it changes the engine": `
    checkpoint disable_logging disable_peg_parser disable_profiling enable_logging enable_peg_parser enable_profiling
    force_checkpoint nextval setseed truncate_duckdb_logs write_log`,
  "it waits": "pg_sleep sleep_ms",
  "it ends the query": "error",
  "the engine itself alone calls it": `
    __internal_* combine constant_or_null create_sort_key finalize icu_collate_* icu_sort_key remap_struct
    timetz_byte_comparable variant_bytes_to_variant variant_normalize variant_to_parquet_variant`
};

/** Functions that values and aggregates are made with. */
export const scalarFunctions: ReadonlySet<string> = new Set(Object.values(called).flatMap(words));

/** Functions that stand in FROM. */
export const tableFunctions: ReadonlySet<string> = new Set(words(madeOfArguments));

/** Functions that stand in FROM and read files. */
export const fileFunctions: ReadonlySet<string> = new Set(words(ofFiles));

const reasons = new Map(
  Object.entries(refused).flatMap(([reason, names]) => words(names).map((name) => [name, reason]))
);

/** Why a function, in lower case, is refused; undefined for one that nobody has decided on. */
export function refusalOf(name: string): string | undefined {
  const whole = reasons.get(name);
  if (whole !== undefined) return whole;
  for (const [pattern, reason] of reasons)
    if (pattern.endsWith("*") && name.startsWith(pattern.slice(0, -1))) return reason;
  return undefined;
}

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}
