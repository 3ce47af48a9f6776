import { matchesPattern, parsePattern } from '../lib/wildcard.ts';
import { templatePattern } from './pattern-overlap.ts';

/** Global keys that only the actions which list them support. */
const LISTED_ONLY = /^aws:(?:RequestTag\/|ResourceTag\/|TagKeys$)/i;

export const isListedOnly = (key: string): boolean => LISTED_ONLY.test(key);

/** Whether a key matches one of the templates (`aws:RequestTag/${TagKey}`); placeholders match any text. */
export function isOneOf(key: string, templates: ReadonlySet<string>): boolean {
  if (templates.has(key)) return true;
  const wanted = key.toLowerCase();
  for (const template of templates)
    if (matchesPattern(parsePattern(templatePattern(template).toLowerCase()), wanted)) return true;
  return false;
}
