export const HELP = `stepwire-kit: what the author of a connector package needs

  stepwire-kit check [FOLDER|FILE.tgz] [--scenarios FILE] [--expected FILE]
      the conformance kit on a package as it was built or packed. Scenarios are looked for in test/scenarios.ts
      (.mts, .js, .mjs) of the folder; without them only the package itself is looked at.

Every command works in the folder it is called in unless another is given, and takes --output text|json.
Exit codes: 0 fine, 1 it found something, 2 refused (usage, files), 4 a fault of stepwire-kit itself.`;
