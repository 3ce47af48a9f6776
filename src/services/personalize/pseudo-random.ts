import { createHash } from 'node:crypto';

/** A number from 0 up to, not including, 1 that depends on the parts only: the same on every run and machine. */
export function fractionOf(...parts: readonly unknown[]): number {
  const digest = createHash('md5').update(JSON.stringify(parts)).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}

/** UUIDs, the same ones in the same order for the same seed. */
export function seededIds(seed: string): () => string {
  let count = 0;
  return () => uuidOf(seed, ++count);
}

/** A UUID (in the form of version 4) that depends on the parts only. */
export function uuidOf(...parts: readonly unknown[]): string {
  const hex = createHash('md5').update(JSON.stringify(parts)).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}

/** Scores of ids, each above 0 and at most 1, that depend on the parts and the id only. Fast: it is asked once an item. */
export function scoreHash(...parts: readonly unknown[]): (id: string) => number {
  const start = mix(2166136261, JSON.stringify(parts));
  return (id) => (finish(mix(start, id)) + 1) / 2 ** 32;
}

/** FNV-1a. @see http://www.isthe.com/chongo/tech/comp/fnv/ */
function mix(hash: number, text: string): number {
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 16777619);
  return hash;
}

/** Spreads a hash over all its bits: ids often differ in their last character only. */
function finish(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}
