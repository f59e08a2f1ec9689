/** A process that is an owner, and says whom it takes to be alive. */
import { Owner } from "../src/embedded/owner.ts";

const owner = new Owner(process.argv[2] ?? "");
process.on("message", (token: string) => process.send?.(owner.isAlive(token)));
process.send?.(owner.token);
