import type { Directory } from '../../directory/directory.ts';
import { mapPolicies } from '../../directory/map-policies.ts';
import type { Policy } from '../../policy/ast.ts';

/** The directory as it would be if a file of the policies folder held another policy, wherever it is attached. */
export const withPolicyReplaced = (directory: Directory, file: string, policy: Policy): Directory =>
  mapPolicies(directory, (named) => (named.file === file ? { ...named, policy } : named));
