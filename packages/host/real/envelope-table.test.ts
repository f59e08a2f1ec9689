import { describeTable } from "../test/envelope-table/table.ts";
import { loudDebianRig } from "./rig.ts";

describeTable(() => loudDebianRig("the envelope table against Debian's programs"));
