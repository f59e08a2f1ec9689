import { compareManifests, dueBump } from "@stepwire/core/compare-manifests";

const ORDER = ["none", "patch", "minor", "major"];

/**
 * What is wrong with the changesets, one text a package: each that was published before must be raised by what its
 * manifest says has changed since.
 *
 * @param packages `{ name, built, published }`: the built manifest, and that of the published version unless it is new
 * @param changesets `{ releases: [{ name, type }] }`
 */
export function changesetProblems(packages, changesets) {
  return packages.flatMap(({ name, built, published }) => {
    if (published === undefined) return [];
    if (published.version !== built.version) {
      return [
        `${name} is ${built.version}, but its snapshot in .changeset/published is ${published.version}. ` +
          "Versions are raised by npm run version-packages, which writes snapshots, too.",
      ];
    }
    const changes = compareManifests(published, built);
    const due = dueBump(published.version, changes);
    const said = announced(name, changesets);
    if (ORDER.indexOf(said) >= ORDER.indexOf(due)) return [];
    const what = said === "none" ? "no changeset raises it" : `its changesets say ${said}`;
    return [
      `${name}: ${due} is due after ${published.version}, and ${what}. Write one: npm run changeset\n` +
        changes.map(({ bump, where, message }) => `  ${bump}  ${where}: ${message}`).join("\n"),
    ];
  });
}

/** The highest that any changeset says of a package. */
function announced(name, changesets) {
  const types = changesets.flatMap(({ releases }) => releases.filter((release) => release.name === name));
  return ORDER.findLast((bump) => types.some(({ type }) => type === bump)) ?? "none";
}
