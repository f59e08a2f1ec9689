import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

/** One operation of a vendor's document. */
export interface Operation {
  /** Query parameters, and whether they must be there. */
  readonly query: ReadonlyMap<string, boolean>;
  readonly needsBody: boolean;
  /** What is wrong with a JSON body; nothing where the document does not describe one. */
  bodyFaults(body: unknown): string[];
  answerFaults(status: number, body: unknown): string[];
}

export interface VendorDocument {
  /** Where the document has a request's operation: its method in lower case, its path with parameters. */
  placeOf(method: string, url: URL): { readonly path: string; readonly method: string } | undefined;
  operation(method: string, url: URL): Operation | undefined;
}

type Json = Record<string, unknown>;
const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null;
const ID = "vendor:document";
const MAX_FAULTS = 5;

/** Reads an OpenAPI 3 document, or the part of one that is used. Throws TypeError for what is none. */
export function readVendorDocument(value: unknown): VendorDocument {
  if (!isJson(value) || !isJson(value["paths"])) throw new TypeError("it is not an OpenAPI document with paths");
  const paths = value["paths"];
  // The document's own words are the vendor's business: what ajv does not know is passed over.
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true, validateSchema: false });
  ajv.addSchema({ $id: ID, ...value });
  const compiled = new Map<string, ValidateFunction>();
  const faults = (pointer: string, data: unknown): string[] => {
    // ajv keeps whatever it compiles, anew each time.
    let validate = compiled.get(pointer);
    if (validate === undefined) compiled.set(pointer, (validate = ajv.compile({ $ref: `${ID}#${pointer}` })));
    if (validate(data)) return [];
    return (validate.errors ?? []).slice(0, MAX_FAULTS).map(({ instancePath, message = "", params }) => {
      const named = Object.values(params as Json).filter((item) => typeof item === "string" || Array.isArray(item));
      return `${instancePath === "" ? "the body" : instancePath} ${message}${named.length === 0 ? "" : ` (${named.flat().join(", ")})`}`;
    });
  };
  const bases = basePaths(value);
  const placeOf: VendorDocument["placeOf"] = (method, url) => {
    for (const base of bases) {
      const place = url.pathname.startsWith(base)
        ? find(paths, url.pathname.slice(base.length), method.toLowerCase())
        : undefined;
      if (place !== undefined) return place;
    }
    return undefined;
  };
  return {
    placeOf,
    operation(method, url) {
      const place = placeOf(method, url);
      return place === undefined ? undefined : operationAt(value, paths, place, faults);
    },
  };
}

/** The paths that servers stand at, the longest first. */
function basePaths({ servers }: Json): string[] {
  const urls = Array.isArray(servers) ? servers.filter(isJson).map(({ url }) => String(url)) : [];
  const paths = urls.map((url) => url.replace(/^https?:\/\/[^/]*/, "").replace(/\/$/, ""));
  return [...new Set([...paths, ""])].toSorted((a, b) => b.length - a.length);
}

/** A path that is written out wins over one with parameters. */
function find(paths: Json, pathname: string, method: string): { path: string; method: string } | undefined {
  const fitting = Object.keys(paths)
    .filter((path) => isJson(paths[path]) && Object.hasOwn(paths[path], method) && fits(path, pathname))
    .toSorted((a, b) => a.split("{").length - b.split("{").length);
  return fitting[0] === undefined ? undefined : { path: fitting[0], method };
}

function fits(template: string, pathname: string): boolean {
  const wanted = template.split("/");
  const given = pathname.split("/");
  return (
    wanted.length === given.length &&
    wanted.every((piece, index) => (/\{.*\}/.test(piece) ? given[index] !== "" : piece === given[index]))
  );
}

function operationAt(
  document: Json,
  paths: Json,
  { path, method }: { path: string; method: string },
  faults: (pointer: string, data: unknown) => string[],
): Operation {
  const item = paths[path] as Json;
  const own = item[method] as Json;
  const base = `/paths/${path.replaceAll("~", "~0").replaceAll("/", "~1")}/${method}`;
  const parameters = [item["parameters"], own["parameters"]]
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .map((parameter) => resolved(document, parameter));
  const body = resolved(document, own["requestBody"]);
  const json = (pointer: string, holder: unknown, data: unknown): string[] => {
    const content = isJson(holder) && isJson(holder["content"]) ? holder["content"] : {};
    const type = Object.keys(content).find((name) => /[/+]json\b/i.test(name));
    if (type === undefined || !isJson(content[type]) || content[type]["schema"] === undefined) return [];
    return faults(encodeURI(`${pointer}/content/${type.replaceAll("/", "~1")}/schema`), data);
  };
  return {
    query: new Map(
      parameters
        .filter(isJson)
        .filter((parameter) => parameter["in"] === "query")
        .map(({ name, required }) => [String(name), required === true]),
    ),
    needsBody: isJson(body) && body["required"] === true,
    bodyFaults: (data) => json(pointerOf(own["requestBody"]) ?? `${base}/requestBody`, body, data),
    answerFaults(status, data) {
      const responses = isJson(own["responses"]) ? own["responses"] : {};
      const key = [String(status), `${String(status)[0]}XX`, "default"].find((name) => Object.hasOwn(responses, name));
      if (key === undefined) return [`the document has no status ${status}`];
      return json(pointerOf(responses[key]) ?? `${base}/responses/${key}`, resolved(document, responses[key]), data);
    },
  };
}

const pointerOf = (value: unknown): string | undefined =>
  isJson(value) && typeof value["$ref"] === "string" ? value["$ref"].replace(/^#/, "") : undefined;

function resolved(document: Json, value: unknown): unknown {
  const pointer = pointerOf(value);
  if (pointer === undefined) return value;
  let node: unknown = document;
  for (const key of pointer.split("/").slice(1))
    node = isJson(node) ? node[key.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined;
  return node;
}
