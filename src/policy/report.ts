import { faultAt } from '../lib/document.ts';
import type { Diagnostic } from '../lib/errors.ts';
import type { Position } from './ast.ts';

/** Collects all errors and warnings of a document, so that they are reported together. */
export class Report {
  readonly errors: Diagnostic[] = [];
  readonly warnings: Diagnostic[] = [];
  readonly #file: string | undefined;

  constructor(file: string | undefined) {
    this.#file = file;
  }

  /** Adds an error: AWS rejects the document. */
  error(rule: string, message: string, position: Position | undefined): void {
    this.errors.push(faultAt(rule, message, position, this.#file));
  }

  /** Adds a warning: AWS accepts the document, but it does not have the intended effect. */
  warning(rule: string, message: string, position: Position | undefined): void {
    this.warnings.push(faultAt(rule, message, position, this.#file, 'warning'));
  }

  /** Errors and warnings in the order of the source. */
  all(): readonly Diagnostic[] {
    return [...this.errors, ...this.warnings].sort(
      (a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
    );
  }
}
