const BEYOND_BMP = /[\u{10000}-\u{10ffff}]/gu;

/**
 * What two texts have in common that differ in case only: small letters, by Unicode's rules (the Kelvin sign is a `k`, a
 * sigma at the end of a word is a final one). Characters beyond the Basic Multilingual Plane keep their case, as captured
 * answers of AWS show.
 */
export function foldCase(text: string): string {
  const beyond = text.match(BEYOND_BMP);
  if (beyond === null) return text.toLowerCase();
  let next = 0;
  return text.toLowerCase().replace(BEYOND_BMP, (folded) => beyond[next++] ?? folded);
}
