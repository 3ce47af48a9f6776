import { createHmac, timingSafeEqual } from 'node:crypto';

const STEP_MILLIS = 30_000;
const DIGITS = 6;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Steps either way by which a device's clock may be off. */
const DRIFT = 1;

/**
 * The code that a virtual device shows.
 * @param secret base 32
 * @param now milliseconds since the epoch
 * @see https://www.rfc-editor.org/rfc/rfc6238
 */
export const oneTimeCode = (secret: string, now: number): string => codeOf(secret, stepOf(now));

/** Which codes were used: each counts once, and none that is older than the last one used. */
export interface OneTimeCodes {
  /** Whether the code is good for the device now; it is then used up. */
  use(device: { readonly serialNumber: string; readonly secret: string }, code: string, now: number): boolean;
}

export function createOneTimeCodes(): OneTimeCodes {
  const lastSteps = new Map<string, number>();
  return {
    use({ serialNumber, secret }, code, now) {
      const present = stepOf(now);
      const last = lastSteps.get(serialNumber) ?? -1;
      for (let step = Math.max(present - DRIFT, last + 1); step <= present + DRIFT; step += 1) {
        if (!isSame(codeOf(secret, step), code)) continue;
        lastSteps.set(serialNumber, step);
        return true;
      }
      return false;
    },
  };
}

const stepOf = (now: number): number => Math.floor(now / STEP_MILLIS);

/** @see https://www.rfc-editor.org/rfc/rfc4226#section-5.3 */
function codeOf(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', decodeBase32(secret)).update(counter).digest();
  const offset = digest.readUInt8(digest.length - 1) & 0x0f;
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

function decodeBase32(text: string): Buffer {
  const bits = [...text.replace(/=+$/, '')]
    .map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}

function isSame(wanted: string, given: string): boolean {
  const [one, other] = [Buffer.from(wanted), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}
