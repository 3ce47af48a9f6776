const BEYOND_BMP = /[\u{10000}-\u{10ffff}]/gu;

/**
 * Folds case for comparison, by Unicode's rules for lower case (the Kelvin sign becomes `k`, a sigma at the end of a
 * word a final sigma). Characters beyond the Basic Multilingual Plane keep their case (captured from AWS;
 * docs/conformance.md).
 */
export function foldCase(text: string): string {
  const beyond = text.match(BEYOND_BMP);
  if (beyond === null) return text.toLowerCase();
  let next = 0;
  return text.toLowerCase().replace(BEYOND_BMP, (folded) => beyond[next++] ?? folded);
}
