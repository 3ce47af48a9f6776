/**
 * JSON with one line for each entry of the objects named in `spread`, and no other white space:
 * small, the same for the same input, and a difference that a reviewer can read.
 */
export function jsonText(document: object, spread: readonly string[]): string {
  const parts = Object.entries(document).map(([key, value]) => {
    const text = spread.includes(key) ? spreadText(value) : JSON.stringify(value);
    return `${JSON.stringify(key)}:${text}`;
  });
  return `{${parts.join(',\n')}}\n`;
}

function spreadText(record: object): string {
  const lines = Object.entries(record).map(
    ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`,
  );
  return `{\n${lines.join(',\n')}\n}`;
}
