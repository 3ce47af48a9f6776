import type { ContextEntry } from '../engine/missing-context.ts';

interface Row {
  /** Of the key in lower case; its group is the part after the slash. */
  readonly key: RegExp;
  readonly advice: (value: string, part: string) => string;
}

/** How a client sends what a condition key is made of. */
const ROWS: readonly Row[] = [
  { key: /^sts:externalid$/, advice: (value) => `pass ExternalId ${value} to AssumeRole` },
  { key: /^sts:rolesessionname$/, advice: (value) => `pass RoleSessionName ${value} to AssumeRole` },
  { key: /^(?:sts|aws):sourceidentity$/, advice: (value) => `pass SourceIdentity ${value} to AssumeRole` },
  { key: /^sts:transitivetagkeys$/, advice: (value) => `pass TransitiveTagKeys ${value} to AssumeRole` },
  { key: /^aws:requesttag\/(.+)$/, advice: (value, tag) => `send the tag ${tag}=${value} with the request` },
  { key: /^aws:tagkeys$/, advice: (value) => `send a tag ${value} with the request` },
  {
    key: /^aws:multifactorauth(?:present|age)$/,
    advice: () =>
      'sign in with MFA: pass SerialNumber and TokenCode to AssumeRole or GetSessionToken (run and env: --mfa)',
  },
  { key: /^aws:securetransport$/, advice: () => 'call over TLS (tls.mode in proxy.yaml)' },
];

/** A sentence without its end: what to send, and with which value. */
export function adviceToSend({ key, value }: ContextEntry): string {
  const text = [value].flat().join(', ');
  for (const row of ROWS) {
    const found = row.key.exec(key.toLowerCase());
    // As the policy spells it.
    if (found) return row.advice(text, key.slice(key.indexOf('/') + 1));
  }
  return `send ${key} ${text} with the request`;
}
