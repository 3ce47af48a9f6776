import type { Fault } from '../lib/errors.ts';
import type { PolicySource } from './policy-files.ts';

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const NAME_WITH_PATH = /^(?:[!-.0-~]+\/)*[\w+=,.@-]{1,128}$/;
const MOST_CHARACTERS = 512;

/** Names that AWS would not take, and names that two files give. */
export function checkNames(sources: readonly PolicySource[]): readonly Fault[] {
  const first = new Map<string, PolicySource>();
  return sources.flatMap((source) => {
    const { name } = source;
    const other = first.get(name.toLowerCase());
    first.set(name.toLowerCase(), other ?? source);
    const faults: Fault[] = [];
    if (other) {
      const where = 'file' in other ? other.file : other.name;
      faults.push(nameFault(source, `"${where}" is a policy "${name}" already; case makes no difference`));
    }
    if (!NAME_WITH_PATH.test(name) || name.length > MOST_CHARACTERS) {
      const form = 'at most 128 letters, digits or characters of _+=,.@- after the last "/"';
      faults.push(nameFault(source, `"${name}" is no name for a policy: ${form}`));
    }
    return faults;
  });
}

const nameFault = (source: PolicySource, message: string): Fault => ({
  severity: 'error',
  rule: 'policy-name',
  message,
  ...('file' in source && { file: source.file }),
});
