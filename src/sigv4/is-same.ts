import { timingSafeEqual } from 'node:crypto';

/** Compares in a time that does not tell how much was right. */
export function isSame(presented: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(presented), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}
