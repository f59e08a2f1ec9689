/**
 * Elements that one data step goes through or makes. The work is done in one go, during which nothing else of the
 * process runs; at this number it takes well under a second for plain values, and an output of 10 MB, the largest
 * there is unless asked for, leaves about 100 bytes for each.
 */
export const MAX_ITEMS = 100_000;

/** Lists that one `data.concat` joins. */
export const MAX_ARRAYS = 50;

/** Levels of lists that `data.concat` opens. */
export const MAX_FLATTEN = 10;

/** Texts that one regex step goes through. */
export const MAX_TEXTS = 10_000;

/** Characters of a text that a regular expression is tried on. */
export const MAX_TEXT_LENGTH = 100_000;

/** Steps of matching that one regex step may take: about a second. */
export const MAX_MATCH_STEPS = 50_000_000;

/** Characters of JSON that are parsed, and those of a replaced text. */
export const MAX_JSON_LENGTH = 10 * 1024 ** 2;

/** Levels of JSON; everything else that follows a value down stops there too. */
export const MAX_JSON_DEPTH = 1000;

/** `$map` inside `$map`. */
export const MAX_MAP_DEPTH = 10;
