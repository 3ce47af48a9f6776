/**
 * An error as AWS would answer it, before a protocol gives it a status and a wire shape (`wire/encode-error.ts` does both).
 *
 * `code` is either one of the codes common to all AWS services, in the JSON protocols' spelling
 * (`AccessDeniedException`, `UnrecognizedClientException`, …; awsQuery spells some of them otherwise), or one that the
 * service model declares for the operation (`ResourceNotFoundException`, …).
 */
export interface AwsError {
  readonly code: string;
  readonly message: string;
  /** What is sent beside the message, by name, where the protocol has a place for it. */
  readonly details?: Readonly<Record<string, string>>;
  /** What the decision record holds in place of the message, where AWS's own message gives no reason. */
  readonly reason?: string;
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
