import type { Diagnostic } from './errors.ts';

/** The configuration, the principals or the policies are invalid. */
export class StartError extends Error {
  readonly diagnostics: readonly Diagnostic[];
  readonly subject: 'configuration' | 'policies';

  constructor(subject: StartError['subject'], diagnostics: readonly Diagnostic[]) {
    super(
      diagnostics
        .map(({ file, line, column, message }) => {
          const place = [file, line, column].filter(Boolean).join(':');
          return place === '' ? message : `${place}: ${message}`;
        })
        .join('\n'),
    );
    this.name = 'StartError';
    this.diagnostics = diagnostics;
    this.subject = subject;
  }
}

/** The port is in use or not permitted; the message says which, and what to do. */
export class ListenError extends Error {}
