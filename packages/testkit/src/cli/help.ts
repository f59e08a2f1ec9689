export const HELP = `stepwire-kit: what the author of a connector package needs

  stepwire-kit dev [ACTION] --connector NAME --params JSON|@FILE|- [--connectors FILE] [--env-file FILE] [--type ID]
                   [--dry-run] [--once]
      builds the package, runs one action for real with a connector of connectors.yaml (- for none), and shows the
      request, masked, and what came of it; again whenever a source changes, unless --once.

  stepwire-kit check [FOLDER|FILE.tgz] [--scenarios FILE] [--expected FILE]
      the conformance kit on a package as it was built or packed. Scenarios are looked for in test/scenarios.ts
      (.mts, .js, .mjs) of the folder; without them only the package itself is looked at.
  stepwire-kit diff [OLD] [FOLDER]
      this package against an older version: which version is due, what breaks, what users must approve. OLD is a
      manifest, a .tgz, a version or a tag; the published latest one unless given.

  stepwire-kit docs [FOLDER] [--check]
      writes the tables of the README from the manifest, or says whether they are what it says.

  stepwire-kit vendor [FOLDER] [--type ID] [--source FILE|URL] [--refresh] [--write] [--scenarios FILE]
      writes the part of the vendor's OpenAPI document that the scenarios use, into the file they name. --refresh reads
      the document again and says what is different now; --write takes it over.

Every command works in the folder it is called in unless another is given, and takes --output text|json.
Exit codes: 0 fine, 1 it found something, 2 refused (usage, files), 3 cancelled, 4 a fault of stepwire-kit itself.`;
