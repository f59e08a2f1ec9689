/** Makes canaries and keeps them, for those who put them into files and for those who look for them afterwards. */
import { canary, type Canary } from "./finder.ts";

/** A token behind its scheme has no space. */
export const ONE_WORD = `"\\/+=ü%&'<`;

export class Keeper {
  readonly canaries: Canary[] = [];
  readonly env: Record<string, string> = {};

  /** The text of a new secret. */
  secret(name: string, made: Canary = canary(name)): string {
    if (this.canaries.some((known) => known.name === name)) throw new Error(`There are two canaries ${name}.`);
    this.canaries.push(made);
    return made.text;
  }

  /** A secret in the environment: the reference to it. */
  inEnv(name: string, text: string = this.secret(name)): string {
    const variable = name.toUpperCase().replaceAll("-", "_");
    this.env[variable] = text;
    return `\${env:${variable}}`;
  }

  /** The same, written as a part of a URL has it. */
  inUrl(name: string): string {
    return this.inEnv(name, encodeURIComponent(this.secret(name)));
  }
}
