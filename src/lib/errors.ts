/**
 * An AWS error, before the protocol encoding adds the HTTP status and the body (`wire/encode-error.ts`).
 *
 * `code` is either a code common to all AWS services, as spelled in the JSON protocols (`AccessDeniedException`,
 * `UnrecognizedClientException`, …; awsQuery spells some of them differently), or one that the service model declares
 * for the operation (`ResourceNotFoundException`, …).
 */
export interface AwsError {
  readonly code: string;
  readonly message: string;
  /** Additional members besides the message, by name, if the protocol supports them. */
  readonly details?: Readonly<Record<string, string>>;
  /** The members of an invalid input, in services that list them beside the message. */
  readonly fieldList?: readonly { readonly name: string; readonly message: string }[];
  /** What the decision record holds in place of the message, where AWS's own message gives no reason. */
  readonly reason?: string;
}

export const awsError = (code: string, message: string, details?: AwsError['details']): AwsError =>
  details ? { code, message, details } : { code, message };

/** An error or warning in a file: what is wrong, where, and what to do. */
export interface Diagnostic {
  /** `info`: may be intended, but is often a mistake. */
  readonly severity: 'error' | 'warning' | 'info';
  /** Stable kebab-case ID of the rule, e.g. `duplicate-key`, `unknown-action`. */
  readonly rule: string;
  readonly message: string;
  readonly file?: string;
  /** 1-based; absent if there is no position in a file. */
  readonly line?: number;
  readonly column?: number;
}
