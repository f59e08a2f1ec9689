import { debianRig } from "@stepwire/test-rig";

/** The Debian rig; what is missing for it is said on stderr, since a skipped test is easily taken for a passed one. */
export async function loudDebianRig(what: string): ReturnType<typeof debianRig> {
  const rig = await debianRig();
  if (!("missing" in rig)) return rig;
  const install = "packages/test-rig/debian/http.sh install";
  for (const program of rig.missing) console.error(`SKIPPED: ${what}: ${program} is missing (${install})`);
  return rig;
}
