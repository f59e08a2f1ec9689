import { execFile } from "node:child_process";
import path from "node:path";

import type { Manifest } from "@stepwire/core";

import { packageName } from "../kit/package-name.ts";
import { tempFolder } from "../kit/temp-folder.ts";
import { readManifest } from "./read-json.ts";
import { usage } from "./terms.ts";
import { unpack } from "./unpack.ts";

/** The manifest of a published version, or of a tag such as `latest`, from the registry that npm uses here. Throws `usage-invalid`. */
export async function publishedManifest(name: string, version: string): Promise<Manifest> {
  // On Windows a shell reads them.
  if (packageName({ name }) === undefined || !/^[\w.+-]+$/.test(version))
    throw usage(`${name}@${version} is no version or tag of a package. Name one, a manifest or a .tgz.`);
  const { folder, remove } = tempFolder();
  try {
    const file = await packed(`${name}@${version}`, folder);
    const unpacked = await unpack(path.join(folder, file));
    try {
      return readManifest(unpacked.folder).manifest;
    } finally {
      unpacked.remove();
    }
  } finally {
    remove();
  }
}

function packed(what: string, into: string): Promise<string> {
  const args = ["pack", what, "--json", "--ignore-scripts", "--pack-destination", into];
  return new Promise((resolve, reject) => {
    execFile("npm", args, { shell: process.platform === "win32" }, (error, stdout, stderr) => {
      if (error !== null) {
        const reason = /^npm error (?!code)(.*)$/m.exec(stderr)?.[1] ?? error.message;
        reject(
          usage(
            `${what} cannot be had from the registry: ${reason}. Name a manifest or a .tgz of the older version instead.`,
          ),
        );
        return;
      }
      const [first] = Object.values(JSON.parse(stdout) as object) as { filename: string }[];
      if (first === undefined) reject(usage(`npm packed nothing for ${what}.`));
      else resolve(first.filename);
    });
  });
}
