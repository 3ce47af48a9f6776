import type { Directory } from '../../directory/directory.ts';
import { findCaller } from '../../directory/find-caller.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { oneTimeCode } from '../../sessions/one-time-code.ts';

/**
 * The current code of a user's virtual MFA device; an error message if the user or the device does not exist.
 * @param name `alice`, `user/alice` or an ARN
 * @param now milliseconds since the epoch
 */
export function mfaCode(directory: Directory, name: string, now: number): Result<string, string> {
  const caller = findCaller(directory, name);
  if (!caller.ok) return caller;
  const { principal } = caller.value;
  if (principal.type !== 'User') return err(`${name} is a role: only users have a device`);
  const device = directory.users.get(principal.userName)?.mfa;
  if (device) return ok(oneTimeCode(device.secret, now));
  return err(`${name} has no device; give one in principals.yaml: mfa: { secret: JBSWY3DPEHPK3PXP }`);
}
