export { appendToList, type Appended } from "./append.ts";
export { MAX_YAML_LENGTH, parseYaml, type Position, type YamlPath, type YamlSource } from "./parse.ts";
