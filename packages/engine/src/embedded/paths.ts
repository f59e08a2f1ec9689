/** Whether a step is inside of another one, a workflow that this calls included. */
export const isBelow = (path: string, ancestor: string): boolean =>
  path.startsWith(`${ancestor}.`) || path.startsWith(`${ancestor}[`) || path.startsWith(`${ancestor}!workflow`);

/** `fan.left.notify` and `fan.left!start` are in the branch `.left` of `fan`, `fan[3].notify` in `[3]`. */
export function branchOf(path: string, parallel: string): string {
  const rest = path.slice(parallel.length);
  return /^(?:\[\d+\]|\.(?:"(?:[^"\\]|\\.)*"|[A-Za-z0-9_-]+))/.exec(rest)?.[0] ?? rest;
}
