import { Secret, TOTP } from 'otpauth';

/** Tolerated clock drift of a device, in steps of thirty seconds. */
const DRIFT = 1;
const STEP_SECONDS = 30;

const deviceOf = (secret: string): TOTP =>
  new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: STEP_SECONDS });

/**
 * The TOTP code of a virtual MFA device.
 * @param secret base32
 * @param now milliseconds since the epoch
 * @see https://www.rfc-editor.org/rfc/rfc6238
 */
export const oneTimeCode = (secret: string, now: number): string =>
  deviceOf(secret).generate({ timestamp: now });

/**
 * Marks a time step of a device as used. Whether neither it nor a later one was used before; rejects where that cannot be
 * known.
 */
export type ClaimCode = (serialNumber: string, step: number) => boolean | Promise<boolean>;

/** The number of a time step. */
export const stepAt = (now: number): number => Math.floor(now / 1000 / STEP_SECONDS);

/** The latest step whose codes are accepted at a moment. */
export const lastStepAt = (now: number): number => stepAt(now) + DRIFT;

/** The codes that were used in this process. */
export function claimsInMemory(): ClaimCode {
  const lastSteps = new Map<string, number>();
  return (serialNumber, step) => {
    if (step <= (lastSteps.get(serialNumber) ?? -1)) return false;
    lastSteps.set(serialNumber, step);
    return true;
  };
}

/** Tracks used codes: each is accepted once, and none that is older than the last one used. */
export interface OneTimeCodes {
  /** Whether the code is valid for the device now; marks it as used. */
  use(
    device: { readonly serialNumber: string; readonly secret: string },
    code: string,
    now: number,
  ): boolean | Promise<boolean>;
}

export function createOneTimeCodes(claim: ClaimCode = claimsInMemory()): OneTimeCodes {
  return {
    use({ serialNumber, secret }, code, now) {
      const device = deviceOf(secret);
      const offset = device.validate({ token: code, timestamp: now, window: DRIFT });
      if (offset === null) return false;
      return claim(serialNumber, device.counter({ timestamp: now }) + offset);
    },
  };
}
