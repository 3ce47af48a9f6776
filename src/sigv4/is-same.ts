import { timingSafeEqual } from 'node:crypto';

/** Compares in constant time. */
export function isSame(presented: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(presented), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}
