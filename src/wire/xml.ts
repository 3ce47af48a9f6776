/** An element as its lines, indented by two spaces a level, as STS and IAM write. */
export type XmlLines = readonly string[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** Characters that XML 1.0 has no way to write. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write these
export const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu;

/** Text for the inside of an element; characters that XML 1.0 cannot hold become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(/[&<>"\r]/g, (character) => ENTITIES[character] ?? character)
    .replace(FORBIDDEN, '\uFFFD');
}

/** With text on one line; with children on lines of their own; without either closed in itself. */
export function xmlElement(
  name: string,
  content: string | readonly XmlLines[],
  namespace?: string,
): XmlLines {
  const start = namespace === undefined ? name : `${name} xmlns="${escapeXml(namespace)}"`;
  if (typeof content === 'string') return [`<${start}>${escapeXml(content)}</${name}>`];
  if (content.length === 0) return [`<${start}/>`];
  return [`<${start}>`, ...content.flat().map((line) => `  ${line}`), `</${name}>`];
}
