// What one would write by hand in place of the workflow. Copied into the measured project, where axios is installed.
import { enableCompileCache } from "node:module";

enableCompileCache();
// Imported after the cache is on, else axios itself would not be in it.
const { default: axios } = await import("axios");
const { status, data } = await axios.get(process.argv[2], { timeout: 60_000, maxContentLength: 10_485_760 });
console.log(JSON.stringify({ status, data }));
