import { Secret, TOTP } from 'otpauth';

/** Tolerated clock drift of a device, in steps of thirty seconds. */
const DRIFT = 1;

const deviceOf = (secret: string): TOTP =>
  new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: 30 });

/**
 * The TOTP code of a virtual MFA device.
 * @param secret base32
 * @param now milliseconds since the epoch
 * @see https://www.rfc-editor.org/rfc/rfc6238
 */
export const oneTimeCode = (secret: string, now: number): string =>
  deviceOf(secret).generate({ timestamp: now });

/** Tracks used codes: each is accepted once, and none that is older than the last one used. */
export interface OneTimeCodes {
  /** Whether the code is valid for the device now; marks it as used. */
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
