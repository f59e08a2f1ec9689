import { dataAggregate } from "./data-aggregate.ts";
import { dataConcat } from "./data-concat.ts";
import { dataDedupe } from "./data-dedupe.ts";
import { dataFilter } from "./data-filter.ts";
import { dataFind } from "./data-find.ts";
import { dataMap } from "./data-map.ts";
import { dataParseJson } from "./data-parse-json.ts";
import { dataRegexExtract } from "./data-regex-extract.ts";
import { dataRegexReplace } from "./data-regex-replace.ts";
import { dataStringifyJson } from "./data-stringify-json.ts";

/** The steps that make a value of another. */
export const DATA_STEPS = [
  dataAggregate,
  dataConcat,
  dataDedupe,
  dataFilter,
  dataFind,
  dataMap,
  dataParseJson,
  dataRegexExtract,
  dataRegexReplace,
  dataStringifyJson,
];
