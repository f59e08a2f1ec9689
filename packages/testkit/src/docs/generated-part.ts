const BEGIN = "<!-- generated: schemas -->";
const END = "<!-- /generated -->";

/** A README with another text between its marks; where it has none, they are added at its end. */
export function withGeneratedPart(readme: string, section: string): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  const part = `${BEGIN}\n\n${section}\n\n${END}`;
  if (begin === -1 && end === -1) return `${readme.trimEnd()}\n\n${part}\n`;
  if (begin === -1 || end < begin)
    throw new TypeError(`It has only one of the lines ${BEGIN} and ${END}, or the wrong one first.`);
  return `${readme.slice(0, begin)}${part}${readme.slice(end + END.length)}`;
}
