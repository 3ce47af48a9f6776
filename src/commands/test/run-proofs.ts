import type { Directory } from '../../directory/directory.ts';
import type { NamedPolicy } from '../../engine/policy-set.ts';
import type { Diagnostic } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { ProofResult } from '../prove/proof-result.ts';
import {
  proveDocumentNotGranted,
  proveDocuments,
  proveEquivalent,
  proveNoNewAccess,
  proveNoPublicAccess,
  proveNotGranted,
} from '../prove/prove-claims.ts';
import { readPolicyDocument } from '../prove/read-document.ts';
import type { AskedClaim, ProofTest } from './read-proofs.ts';

/** What came out of a claim. */
export interface ProofTestResult {
  readonly proof: ProofTest;
  readonly result: ProofResult;
  /** What came otherwise than it was wanted, a line each; empty for a proof that came out as expected. */
  readonly failures: readonly string[];
}

export interface ProofTestOptions {
  readonly directory: Directory;
  /** Reads a folder of policies, or a checkout, that principals are compared with. @throws for its diagnostics */
  readonly directoryAt?: (path: string) => Promise<Directory>;
}

type Proved = Result<ProofResult, readonly Diagnostic[]>;

/** Proves the claims; the folders and files that they name are read once. */
export async function runProofs(
  tests: readonly ProofTest[],
  { directory, directoryAt }: ProofTestOptions,
): Promise<Result<readonly ProofTestResult[], readonly Diagnostic[]>> {
  const reader = new Reader(directoryAt);
  const results: ProofTestResult[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const proof of tests) {
    const { subject, asked } = proof;
    const proved =
      'policy' in subject
        ? await aboutDocument(subject.policy, asked, reader)
        : await aboutPrincipal(subject.principal, asked, directory, reader);
    if (proved.ok) results.push({ proof, result: proved.value, failures: judged(proof, proved.value) });
    else diagnostics.push(...proved.error);
  }
  return diagnostics.length > 0 ? err(diagnostics) : ok(results);
}

const judged = ({ expected }: ProofTest, { verdict }: ProofResult): readonly string[] =>
  verdict === expected ? [] : [`wanted ${expected}, came ${verdict}`];

/** What claims name, by its path. */
class Reader {
  readonly #directoryAt: ProofTestOptions['directoryAt'] | undefined;
  readonly #documents = new Map<string, ReturnType<typeof readPolicyDocument>>();
  readonly #directories = new Map<string, Promise<Directory>>();

  constructor(directoryAt: ProofTestOptions['directoryAt']) {
    this.#directoryAt = directoryAt;
  }

  document(path: string): Promise<Result<NamedPolicy, readonly Diagnostic[]>> {
    const read = this.#documents.get(path) ?? readPolicyDocument(path);
    this.#documents.set(path, read);
    return read;
  }

  directory(path: string): Promise<Directory> | undefined {
    const read = this.#directories.get(path) ?? this.#directoryAt?.(path);
    if (read) this.#directories.set(path, read);
    return read;
  }
}

async function aboutDocument(path: string, asked: AskedClaim, reader: Reader): Promise<Proved> {
  const document = await reader.document(path);
  if (!document.ok) return document;
  if (asked.claim === 'no-public-access') return ok(proveNoPublicAccess(document.value));
  if (asked.claim === 'not-granted') return ok(proveDocumentNotGranted(document.value, asked.access));
  const existing = await reader.document(asked.existing);
  return existing.ok ? ok(proveDocuments(asked.claim, document.value, existing.value)) : existing;
}

async function aboutPrincipal(
  as: string,
  asked: AskedClaim,
  directory: Directory,
  reader: Reader,
): Promise<Proved> {
  const proved = await principalProof(as, asked, directory, reader);
  return proved.ok ? proved : err([{ severity: 'error', rule: 'invalid-value', message: proved.error }]);
}

async function principalProof(
  as: string,
  asked: AskedClaim,
  directory: Directory,
  reader: Reader,
): Promise<Result<ProofResult, string>> {
  if (asked.claim === 'no-public-access') return err('only a document can be public');
  if (asked.claim === 'not-granted') return proveNotGranted(as, asked.access, directory);
  const existing = await reader.directory(asked.existing);
  if (existing === undefined) return err(`${asked.claim} needs directoryAt, which reads ${asked.existing}`);
  return asked.claim === 'equivalent'
    ? proveEquivalent(as, directory, existing)
    : proveNoNewAccess(as, directory, existing);
}
