import { AWS_REGIONS } from '../lib/aws-regions.ts';
import { matchesPattern, parsePattern } from '../lib/wildcard.ts';

/** Whether a pattern can match a region; policy variables are assumed to. */
export function isRegionPattern(text: string): boolean {
  if (text.includes('$')) return true;
  const pattern = parsePattern(text);
  return AWS_REGIONS.some((region) => matchesPattern(pattern, region));
}
