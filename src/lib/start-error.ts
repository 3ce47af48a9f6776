import type { Fault } from './errors.ts';

/** The configuration, the principals or the policies are invalid. */
export class StartError extends Error {
  readonly faults: readonly Fault[];
  readonly subject: 'configuration' | 'policies';

  constructor(subject: StartError['subject'], faults: readonly Fault[]) {
    super(
      faults
        .map(({ file, line, column, message }) => [file, line, column, message].filter(Boolean).join(':'))
        .join('\n'),
    );
    this.name = 'StartError';
    this.faults = faults;
    this.subject = subject;
  }
}

/** The port is in use or not permitted; the message says which, and what to do. */
export class ListenError extends Error {}
