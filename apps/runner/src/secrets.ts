interface Masks {
  mask(text: string): string;
}

let owner: Masks | undefined;

/** From now on whatever this process says outside of a run is said without the secrets of this project. */
export function keepSecretsOf(project: Masks): void {
  owner = project;
}

export const withoutSecrets = (text: string): string => owner?.mask(text) ?? text;
