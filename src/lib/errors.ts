/**
 * An error as AWS would answer it, before a protocol gives it a status and a wire shape (`wire/errors.ts` does both).
 *
 * `code` is either one of the codes common to all AWS services, in the JSON protocols' spelling
 * (`AccessDeniedException`, `UnrecognizedClientException`, …; awsQuery spells some of them otherwise), or one that the
 * service model declares for the operation (`ResourceNotFoundException`, …).
 */
export interface AwsError {
  readonly code: string;
  readonly message: string;
  /** What S3 says beside it, by the names of its elements. */
  readonly details?: Readonly<Record<string, string>>;
}

export const awsError = (code: string, message: string, details?: AwsError['details']): AwsError => ({
  code,
  message,
  ...(details && { details }),
});

/** Something wrong in a file that a person wrote: where it is, what is wrong, and what to do. */
export interface Fault {
  readonly severity: 'error' | 'warning';
  /** Stable kebab-case id of the rule, e.g. `duplicate-key`, `unknown-action`. */
  readonly rule: string;
  readonly message: string;
  readonly file?: string;
  /** 1-based; absent when the fault has no place in a file. */
  readonly line?: number;
  readonly column?: number;
}
