import { randomFillSync } from 'node:crypto';

const ID_BYTES = 16;
/** Random bytes are cheap by the page. */
const pool = Buffer.alloc(256 * ID_BYTES);
let used = pool.length;

const HEX = Buffer.from('0123456789abcdef');
const text = Buffer.from('00000000-0000-4000-8000-000000000000');
/** Where in the text the two digits of each byte are. */
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const VERSION_BYTE = 6;
const VARIANT_BYTE = 8;

/**
 * A random UUID of version 4, as `crypto.randomUUID` makes them. That one is a chain of twenty short strings in memory, of
 * which a record would keep 500 bytes; this is one string of 36.
 * @see https://www.rfc-editor.org/rfc/rfc9562#section-5.4
 */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  for (let index = 0; index < ID_BYTES; index += 1) {
    let byte = pool[used + index] ?? 0;
    if (index === VERSION_BYTE) byte = (byte & 0x0f) | 0x40;
    if (index === VARIANT_BYTE) byte = (byte & 0x3f) | 0x80;
    const place = PLACES[index] ?? 0;
    text[place] = HEX[byte >> 4] ?? 0;
    text[place + 1] = HEX[byte & 0x0f] ?? 0;
  }
  used += ID_BYTES;
  return text.toString('latin1');
}
