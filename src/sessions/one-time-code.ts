import { Secret, TOTP } from 'otpauth';

/** Steps of thirty seconds either way by which a device's clock may be off. */
const DRIFT = 1;

const deviceOf = (secret: string): TOTP =>
  new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30 });

/**
 * The code that a virtual device shows.
 * @param secret base 32
 * @param now milliseconds since the epoch
 * @see https://www.rfc-editor.org/rfc/rfc6238
 */
export const oneTimeCode = (secret: string, now: number): string =>
  deviceOf(secret).generate({ timestamp: now });

/** Which codes were used: each counts once, and none that is older than the last one used. */
export interface OneTimeCodes {
  /** Whether the code is good for the device now; it is then used up. */
  use(device: { readonly serialNumber: string; readonly secret: string }, code: string, now: number): boolean;
}

export function createOneTimeCodes(): OneTimeCodes {
  const lastSteps = new Map<string, number>();
  return {
    use({ serialNumber, secret }, code, now) {
      const device = deviceOf(secret);
      const offset = device.validate({ token: code, timestamp: now, window: DRIFT });
      if (offset === null) return false;
      const step = device.counter({ timestamp: now }) + offset;
      if (step <= (lastSteps.get(serialNumber) ?? -1)) return false;
      lastSteps.set(serialNumber, step);
      return true;
    },
  };
}
